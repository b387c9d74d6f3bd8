"""What callers send, checked at the door; inside, only the nouns of `models/`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal, NotRequired

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, with_config
from typing_extensions import TypedDict

from connectors.claims_file import debtor_ref_of
from models.claim import Claim, Status
from models.gate import Purpose, Question
from models.hold import Channel
from models.money import cents_from_decimal
from models.record import Lot, Reminder
from pipelines.payments import Told

Ref = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=500)]


def _cents(value: object) -> int:
    """A decimal string; a JSON number would already have lost its cents."""
    if not isinstance(value, str):
        raise ValueError('money is a decimal string with a point, as "123.45"')
    return cents_from_decimal(value)


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Money = Annotated[int, BeforeValidator(_cents), Field(json_schema_extra={"type": "string", "examples": ["123.45"]})]
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ClaimBody(Body):
    """One row of `claims.csv`, with the same names."""

    claim_ref: Ref
    creditor: Text
    balance: Money
    principal: Money = 0
    fees: Money = 0
    client_ref: Text = ""
    invoice_refs: list[Ref] = Field(default_factory=list, max_length=500)
    civility: Text = ""
    last_name: Text = ""
    birth_name: Text = ""
    first_name: Text = ""
    company_name: Text = ""
    birth_date: date | None = None
    address: Text = ""
    postcode: Text = ""
    city: Text = ""
    email: Text = ""
    phone: Text = ""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    opened_on: date | None = None
    status: Status = Status.OPEN
    debtor_ref: Text = ""
    co_debtor_refs: list[Ref] = Field(default_factory=list, max_length=100)
    due_on: date | None = None
    limitation_on: date | None = None
    enforceable_title: bool = False
    payee_names: list[Text] = Field(default_factory=list, max_length=100)
    plan_next_due: date | None = None

    def noun(self) -> Claim:
        values = self.model_dump()
        values |= {name: tuple(values[name]) for name in ("invoice_refs", "co_debtor_refs", "payee_names")}
        values["debtor_ref"] = values["debtor_ref"] or debtor_ref_of(values)
        return Claim(**values)


@with_config(ConfigDict(extra="forbid", str_strip_whitespace=True))
class QuestionBody(TypedDict):
    """May this reminder leave? `leaves_at` is when it will, now if it is not said. A plain dictionary: see `gate`."""

    claim_ref: Ref
    channel: Channel
    purpose: NotRequired[Purpose]
    recipient: NotRequired[Text | None]
    address: NotRequired[Text | None]
    leaves_at: NotRequired[Moment | None]


def question_of(body: QuestionBody) -> Question:
    if len(body) == 2:  # most of a night's list says no more
        return Question(body["claim_ref"], body["channel"])
    return Question(
        body["claim_ref"],
        body["channel"],
        body.get("purpose", Purpose.REMINDER),
        body.get("recipient") or None,
        body.get("address") or None,
        body.get("leaves_at"),
    )


class LotBody(Body):
    """The post of a day, counted before it is scanned."""

    lot_id: Ref
    mail_received_on: date
    items_counted: Annotated[int, Field(ge=0, le=1_000_000)]
    note: Text = ""

    def noun(self, now: datetime) -> Lot:
        return Lot(self.lot_id, self.mail_received_on, self.items_counted, now, self.note)


class LotClosingBody(Body):
    """Why fewer items came than were counted."""

    reason: Annotated[str, Field(min_length=3, max_length=500)]


class HoldLiftingBody(Body):
    """Why reminders may leave again."""

    reason: Annotated[str, Field(min_length=3, max_length=500)]


class HoldReviewBody(HoldLiftingBody):
    """Why the hold goes on, and when somebody looks again."""

    review_on: date


class PaymentBody(Body):
    """Money that came by the bank. `payment_id` is the sender's own: the same one twice is one payment.

    Without `claim_ref` the claim is looked for in `text` and `payer_name`, and taken only where it is sure.
    """

    payment_id: Ref | None = None
    claim_ref: Annotated[str, Field(max_length=200)] = ""
    amount: Money
    means: Literal["transfer", "card", "debit", "cash"]
    paid_on: date | None = None
    text: Text = ""
    payer_name: Text = ""

    def noun(self, key: str) -> Told:
        return Told(key, self.amount, self.means, self.paid_on, self.claim_ref, self.text, self.payer_name)


class PartBody(Body):
    claim_ref: Ref
    amount: Money


class CorrectionBody(Body):
    """Where a booked payment belongs, the whole sum of it, and why. No parts: nobody knows yet.

    `seen`: ids of its parts as they were looked at; with them nothing is done where somebody moved it meanwhile.
    """

    payment_id: Ref
    parts: Annotated[list[PartBody], Field(max_length=20)] = []
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    seen: Annotated[list[str], Field(max_length=100)] | None = None


class ConflictBody(Body):
    """Whose status stands, and why. `theirs`: their status as it was looked at; another by now is another question."""

    claim_ref: Ref
    keep: Literal["ours", "theirs"]
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    theirs: Status | None = None


class AnswerBody(Body):
    """An acknowledgement, an answer or a receipt has gone out."""

    kind: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    sent_at: Moment | None = None


class ReminderBody(Body):
    reminder_id: Ref
    claim_ref: Ref
    channel: Channel
    state: Literal["planned", "handed_over", "sent"]
    at: Moment | None = None
    recipient: Text = ""

    def noun(self, now: datetime) -> Reminder:
        at = self.at or now
        return Reminder(self.reminder_id, self.claim_ref, self.channel.value, self.state, at, self.recipient)


class WebhookBody(Body):
    """Where events go. The secret is made here and shown once, in the answer."""

    url: Annotated[str, Field(min_length=8, max_length=2000)]
