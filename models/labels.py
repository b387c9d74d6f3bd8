"""What a piece of mail can be: categories, subcategories, flags, and which wins when several fit."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    PAYMENT = "payment"
    DISPUTE = "dispute"
    INFORMATION_REQUEST = "information_request"
    OTHER = "other"


class Subcategory(StrEnum):
    CHEQUE = "cheque"
    TRANSFER_NOTICE = "transfer_notice"
    ALREADY_PAID = "already_paid"
    PROMISE = "promise"
    PLAN_REQUEST = "plan_request"
    NOT_MINE = "not_mine"
    AMOUNT = "amount"
    SERVICE = "service"
    PRESCRIBED = "prescribed"
    PROCEDURE = "procedure"
    CLAIM_DETAILS = "claim_details"
    DOCUMENT_COPY = "document_copy"
    BALANCE = "balance"
    PAYMENT_MEANS = "payment_means"
    RECEIPT = "receipt"
    GDPR = "gdpr"
    OVER_INDEBTEDNESS = "over_indebtedness"
    INSOLVENCY = "insolvency"
    DEATH = "death"
    GUARDIANSHIP = "guardianship"
    LEGAL_COUNSEL = "legal_counsel"
    ADDRESS_CHANGE = "address_change"
    RETURNED_MAIL = "returned_mail"
    UNRELATED = "unrelated"
    THANKS = "thanks"


class Flag(StrEnum):
    VULNERABLE = "vulnerable"
    DISTRESS = "distress"
    OVER_INDEBTEDNESS = "over_indebtedness"
    DECEASED = "deceased"
    REPRESENTED = "represented"
    GDPR = "gdpr"
    IDENTITY_THEFT = "identity_theft"
    ADDRESS_CHANGE = "address_change"
    REFUND_REQUESTED = "refund_requested"
    PARTIAL_PAYMENT = "partial_payment"
    OVERPAYMENT = "overpayment"
    THIRD_PARTY_PAYER = "third_party_payer"
    TWO_CLAIMS = "two_claims"
    COMPLAINT = "complaint"


_S = Subcategory
SUBCATEGORIES: dict[Category, tuple[Subcategory, ...]] = {
    Category.PAYMENT: (_S.CHEQUE, _S.TRANSFER_NOTICE, _S.ALREADY_PAID, _S.PROMISE, _S.PLAN_REQUEST),
    Category.DISPUTE: (_S.NOT_MINE, _S.AMOUNT, _S.SERVICE, _S.PRESCRIBED, _S.PROCEDURE),
    Category.INFORMATION_REQUEST: (
        _S.CLAIM_DETAILS,
        _S.DOCUMENT_COPY,
        _S.BALANCE,
        _S.PAYMENT_MEANS,
        _S.RECEIPT,
        _S.GDPR,
    ),
    Category.OTHER: (
        _S.OVER_INDEBTEDNESS,
        _S.INSOLVENCY,
        _S.DEATH,
        _S.GUARDIANSHIP,
        _S.LEGAL_COUNSEL,
        _S.ADDRESS_CHANGE,
        _S.RETURNED_MAIL,
        _S.UNRELATED,
        _S.THANKS,
    ),
}
CATEGORY_OF: dict[Subcategory, Category] = {sub: cat for cat, subs in SUBCATEGORIES.items() for sub in subs}

# Protections: announced by this mail they win over every other subject, and only a person applies them.
PROTECTIONS = frozenset({_S.OVER_INDEBTEDNESS, _S.INSOLVENCY, _S.DEATH, _S.GUARDIANSHIP, _S.LEGAL_COUNSEL})
PROTECTIVE_FLAGS = frozenset({Flag.DISTRESS, Flag.DECEASED, Flag.OVER_INDEBTEDNESS, Flag.REPRESENTED, Flag.VULNERABLE})
# Mail that asks nothing of a claim.
HARMLESS = frozenset({_S.UNRELATED, _S.THANKS})
