"""What people are told: every reason code in French and in English. `{}` takes the detail."""

from __future__ import annotations

import re

from models.money import cents_from_decimal, euros

REASONS: dict[str, tuple[str, str]] = {
    # why a person should look
    "not_understood": ("le texte n'a pas pu être compris", "the text could not be understood"),
    "no_text": ("rien n'a pu être lu", "nothing could be read"),
    "hard_to_read": ("lecture difficile ({})", "hard to read ({})"),
    "unsure_category": ("catégorie incertaine ({})", "unsure of the category ({})"),
    "unsure_subcategory": ("sous-catégorie incertaine ({})", "unsure of the subcategory ({})"),
    "unsure_effect": ("suite incertaine : peut-être {}", "unsure what follows: perhaps {}"),
    "no_claim": ("aucune créance ne correspond", "no claim matches"),
    "unsure_claim": ("créance incertaine ({})", "unsure of the claim ({})"),
    "two_claims": ("plusieurs créances concernées ({})", "more than one claim concerned ({})"),
    "protective": ("signal de protection : {}", "protective signal: {}"),
    "person_decides": ("une personne décide toujours : {}", "a person always decides: {}"),
    "contests_and_promises": ("conteste et promet à la fois un paiement ({})", "contests, and promises to pay ({})"),
    "cheque_problem": ("défaut du chèque : {}", "defect of the cheque: {}"),
    "cheque_unsure": ("chèque lu sans certitude", "cheque read without certainty"),
    "payee_unsure": ("bénéficiaire du chèque lu sans certitude", "payee of the cheque read without certainty"),
    "cheque_not_found": ("chèque annoncé mais non trouvé", "cheque announced but not found"),
    "several_cheques": ("plusieurs chèques ({})", "several cheques ({})"),
    "overpayment": ("paiement supérieur au solde ({})", "payment above the balance ({})"),
    "same_cheque": ("ce chèque est déjà enregistré", "this cheque has been booked before"),
    "cheque_picture": ("image d'un chèque : le papier n'est pas ici", "picture of a cheque: the paper is not here"),
    "several_claims": ("plusieurs créances possibles", "more than one claim possible"),
    "currency": ("créance dans une autre monnaie", "claim in another currency"),
    "unknown_bounce": ("rejet d'un paiement inconnu", "an unknown payment was taken back"),
    "misposted": ("imputé à tort, à imputer de nouveau", "booked on the wrong claim, to be booked again"),
    "cheque_on_desk": ("courrier encore au bureau", "its item is still on the desk"),
    "cheque_not_booked": ("imputé sur aucune créance", "booked on no claim"),
    "cheque_protected": ("protection : une personne décide avant la remise", "protection: a person decides first"),
    "payment_never_came": ("paiement annoncé jamais venu", "announced payment never came"),
    "settled": ("courrier réglé", "item settled"),
    "expired": ("terme passé", "its time is over"),
    "answered": ("réponse envoyée", "answer sent"),
    "payment_cleared": ("paiement encaissé", "payment cleared"),
    "double_payment": ("double paiement possible", "possible double payment"),
    "claim_status": ("créance au statut « {} »", 'claim has the status "{}"'),
    "harmless_but_named": ("sans suite, mais une créance est citée", "nothing to do, but a claim is named"),
    "sampled": ("contrôle par sondage", "random check"),
    "attachment_unread": ("pièce jointe non lue : {}", "attachment not read: {}"),
    "other_writer": ("l'expéditeur n'est pas le débiteur", "the sender is not the debtor"),
    "duplicate": ("nouvelle numérisation d'un courrier déjà reçu", "re-scan of mail received before"),
    "harmless": ("rien à faire", "nothing to do"),
    "corrected": ("rouvert pour correction", "reopened for correction"),
    # what the details name
    "deceased": ("décès", "death"),
    "amounts_differ": ("montants en lettres et en chiffres différents", "words and figures differ"),
    "unsigned": ("non signé", "unsigned"),
    "undated": ("non daté", "undated"),
    "stale": ("périmé", "stale"),
    "post_dated": ("postdaté", "post-dated"),
    "wrong_payee": ("pas à notre ordre", "not made out to us"),
    "unreadable_line": ("ligne CMC-7 illisible", "CMC-7 line unreadable"),
    "key_mismatch": ("clé RLMC fausse", "RLMC key does not fit"),
    "unreadable_amount": ("montant illisible", "amount unreadable"),
    "foreign_line": ("ligne d'un autre pays", "line of another country"),
    "not_a_cheque": ("n'est pas un chèque", "not a cheque"),
    # why it was refused
    "empty_file": ("fichier vide", "empty file"),
    "unknown_kind": ("type de fichier non reconnu {}", "unknown kind of file {}"),
    "encrypted": ("fichier protégé par mot de passe", "protected by a password"),
    "truncated": ("fichier incomplet ou abîmé", "file incomplete or damaged"),
    "too_many_pages": ("trop de pages {}", "too many pages {}"),
    "too_many_pixels": ("image trop grande {}", "picture too large {}"),
    "too_large": ("fichier trop volumineux {}", "file too large {}"),
    "bomb": ("archive piégée", "decompression bomb"),
    "set_aside": ("message resté dans la boîte aux lettres ({})", "message left in the mailbox ({})"),
    "too_slow": ("lecture trop longue, interrompue", "took too long to read, stopped"),
    "too_deep": ("trop de niveaux imbriqués", "nested too deep"),
    "killed_worker": ("la lecture a échoué deux fois", "reading failed twice"),
    "no_items": ("aucune page utile", "no useful page"),
    "refused_by_person": ("refusé par un opérateur : {}", "refused by an operator: {}"),
    # why reminders are held
    "precaution": ("par précaution, au cas où ({})", "as a precaution, just in case ({})"),
    "soft": ("courrier reçu, en cours de traitement", "mail received, being handled"),
    "cheque_full": ("chèque reçu", "cheque received"),
    "cheque_part": ("chèque partiel reçu", "part payment received by cheque"),
    "cheque_defect": ("chèque avec un défaut", "cheque with a defect"),
    "transfer_notice": ("paiement annoncé", "payment announced"),
    "already_paid": ("dit avoir déjà payé", "says it was paid"),
    "promise": ("promesse de paiement", "promise to pay"),
    "plan_request": ("demande d'échéancier", "instalments asked for"),
    "dispute": ("contestation", "dispute"),
    "information_request": ("demande d'information", "information asked for"),
    "gdpr": ("demande RGPD", "GDPR request"),
    "gdpr_rectification": ("rectification demandée (RGPD)", "rectification asked for (GDPR)"),
    "gdpr_objection": ("opposition (RGPD)", "objection (GDPR)"),
    "over_indebtedness_filed": ("dossier de surendettement déposé", "over-indebtedness file lodged"),
    "over_indebtedness": ("surendettement", "over-indebtedness"),
    "insolvency": ("procédure collective", "insolvency proceedings"),
    "death": ("décès", "death"),
    "guardianship": ("tutelle ou curatelle", "guardianship"),
    "legal_counsel": ("représenté par un conseil", "represented by counsel"),
    "represented": ("représenté", "represented"),
    "distress": ("détresse", "distress"),
    "vulnerable": ("vulnérabilité", "vulnerability"),
    "complaint": ("réclamation", "complaint"),
    "refund_requested": ("remboursement demandé", "refund asked for"),
    "address_change": ("changement de coordonnées", "change of address"),
    "returned_mail": ("pli non distribuable", "returned mail"),
    "by_person": ("décision d'un opérateur", "decided by an operator"),
    "payment_bounced": ("chèque rejeté", "cheque bounced"),
    # answers of the gate
    "unknown_claim": ("créance inconnue", "unknown claim"),
    "claim_closed": ("créance close ou soldée", "claim closed or paid"),
    "unread_items": ("courrier reçu non encore lu ({})", "mail received, not read yet ({})"),
    "refused_items": (
        "fichier illisible que personne n'a encore regardé ({})",
        "file that could not be read, nobody has looked yet ({})",
    ),
    "refused_unseen": ("fichier illisible, à regarder", "file that could not be read, to be looked at"),
    "lot_not_scanned": ("lot ouvert non numérisé ({})", "lot opened, not scanned yet ({})"),
    "wrong_recipient": ("écrire au représentant", "write to the representative"),
    "other_recipient": ("destinataire inconnu de cette créance", "recipient not known of this claim"),
    "payment_not_posted": ("paiement reçu non encore imputé", "payment received, not booked yet"),
    # why a reminder left after the mail had come
    "not_read_yet": ("pas encore lu", "not read yet"),
    "on_the_desk": ("au bureau, créance encore inconnue", "on the desk, claim not known yet"),
    "webhook_late": ("rappel transmis trop tard", "recall delivered too late"),
    "recall_missed": ("rappel reçu mais relance partie", "recall received, sent all the same"),
    "gate_not_asked": ("autorisation non demandée", "gate not asked"),
    "against_the_answer": ("envoyée malgré le refus", "sent although the gate said no"),
    "status": ("statut « {} »", 'status "{}"'),
}


_SUMS = frozenset({"overpayment", "contests_and_promises"})  # their detail is a sum
_DECIMAL = re.compile(r"-?\d+\.\d\d")


def word(code: str, detail: str = "", language: str = "fr") -> str:
    """One line for people; a detail that is a code itself is worded too. Unknown codes are shown, never hidden."""
    pair = REASONS.get(code)
    if detail in REASONS and "{}" not in REASONS[detail][0]:
        detail = REASONS[detail][language == "en"]
    if code in _SUMS and _DECIMAL.fullmatch(detail):
        detail = euros(cents_from_decimal(detail), language)
    text = pair[language == "en"] if pair else code
    if "{}" in text:
        return text.replace("{}", detail).replace(" ()", "").strip()
    return f"{text} ({detail})" if detail and not pair else text
