"""One JSON object an item, as the contract says: what came in, what was read, what was decided, what took effect."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from matching.plain import alnum
from models.cheque import ChequeReading
from models.evidence import Candidate, Matches
from models.hold import Hold, HoldTerms
from models.item import Outcome
from models.money import decimal_from_cents
from models.reading import PartKind
from models.record import ItemRecord
from models.understanding import MentionKind
from pipelines.wording import word

# Finer kinds of ours, in the words of the contract.
_CONTRACT_KIND = {
    PartKind.PROOF_OF_PAYMENT: PartKind.ATTACHMENT,
    PartKind.IDENTITY: PartKind.ATTACHMENT,
    PartKind.COURT_DOCUMENT: PartKind.LETTER,
}
_CONFUSED_ONLY = 0.97  # likeness of two references that differ only by letters readers confuse (0 and O, 1 and I)


def write_results(path: Path, records: Iterable[ItemRecord], language: str = "fr") -> int:
    """Replaces the file at once; returns the number of lines. A reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    count = 0
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            for record in records:
                out.write(json.dumps(result_of(record, language), ensure_ascii=False) + "\n")
                count += 1
            out.flush()
            os.fsync(out.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return count


def result_of(record: ItemRecord, language: str = "fr") -> dict[str, Any]:
    item, receipt, reading = record.item, record.receipt, record.reading
    understanding, decision = record.understanding, record.decision
    flags = decision.flags if decision else (understanding.flags if understanding else ())
    return {
        "item_id": item.item_id,
        "file": receipt.file_name,
        "pages": list(item.pages) if item.pages else None,
        "channel": receipt.channel.value,
        "sha256": receipt.sha256,
        "received_at": receipt.received_at.isoformat(),
        "mail_received_on": receipt.mail_received_on.isoformat() if receipt.mail_received_on else None,
        "lot_id": receipt.lot_id,
        "duplicate_of": item.duplicate_of,
        "stage": item.stage.value,
        "documents": _documents(record),
        "text": reading.text if reading else "",
        "category": understanding.category.value if understanding else None,
        "subcategory": understanding.subcategory.value if understanding else None,
        "flags": [flag.value for flag in flags],
        "confidence": round(understanding.confidence, 4) if understanding else 0.0,
        "fields": _fields(record),
        "cheque": _cheque(reading.cheques[0]) if reading and reading.cheques else None,
        "match": _match(record.matches),
        "matches": [_further(record.matches, ref) for ref in record.matches.further] if record.matches else [],
        "decision": (item.outcome or Outcome.REVIEW).value,
        "reasons": _reasons(record, language),
        "effects": _effects(record),
        "decided_by": record.judgements[-1].operator if record.judgements else "auto",
    }


def _documents(record: ItemRecord) -> list[dict[str, Any]]:
    parts = record.reading.parts if record.reading else ()
    return [{"kind": _CONTRACT_KIND.get(part.kind, part.kind).value, "pages": list(part.pages)} for part in parts]


def _reasons(record: ItemRecord, language: str) -> list[str]:
    if record.decision is None or record.item.outcome is Outcome.APPLIED:
        return []
    return [word(reason.code, reason.detail, language) for reason in record.decision.reasons]


def _fields(record: ItemRecord) -> dict[str, Any]:
    mentions, understanding = record.mentions, record.understanding
    if mentions is None or understanding is None:
        return {}
    facts = understanding.facts

    def values(*kinds: MentionKind) -> list[str]:
        return list(dict.fromkeys(mention.value for mention in mentions.of(*kinds)))

    return {
        "references": references_of(record.matches) if record.matches else [],
        "amounts": [decimal_from_cents(int(value)) for value in values(MentionKind.AMOUNT)],
        "dates": values(MentionKind.DATE),
        "ibans": values(MentionKind.IBAN),
        "phones": values(MentionKind.PHONE),
        "emails": values(MentionKind.EMAIL),
        "sender_name": mentions.sender_name,
        "sender_address": mentions.sender_address,
        "paid_amount": _money(facts.paid_amount),
        "paid_date": facts.paid_date.isoformat() if facts.paid_date else None,
        "promised_amount": _money(facts.promised_amount),
        "promised_date": facts.promised_date.isoformat() if facts.promised_date else None,
    }


def references_of(matches: Matches) -> list[str]:
    """As written; where only letters that readers confuse differ from the claim proposed, as the claim has it."""
    found = {alnum(reference): reference for reference in matches.references}
    for candidate in matches.candidates:
        if candidate.claim_ref == matches.proposed:
            for evidence in candidate.evidence:
                if evidence.feature.endswith("_reference") and evidence.similarity >= _CONFUSED_ONLY:
                    found.setdefault(alnum(evidence.on_file), evidence.on_file)
    return list(found.values())


def _money(cents: int | None) -> str | None:
    return None if cents is None else decimal_from_cents(cents)


def _cheque(cheque: ChequeReading) -> dict[str, Any]:
    line = cheque.line
    zones = line.zones if line else None
    return {
        "cmc7": line.text if line else None,
        "cheque_number": zones[0] if zones else None,
        "rlmc_key": line.rlmc_printed if line else None,
        "rlmc_ok": line.rlmc_ok if line else None,
        "amount": _money(cheque.amount),
        "amount_confidence": round(cheque.amount_confidence, 4),
        "amount_figures": _money(cheque.amount_figures),
        "amount_words": _money(cheque.amount_words),
        "date": cheque.date.isoformat() if cheque.date else None,
        "payee": cheque.payee,
        "drawer_name": cheque.drawer_name,
        "signed": cheque.signed,
        "problems": [problem.value for problem in cheque.problems],
    }


def _match(matches: Matches | None) -> dict[str, Any]:
    if matches is None:
        return {"claim_ref": None, "confidence": 0.0, "candidates": []}
    return {
        "claim_ref": matches.proposed,
        "confidence": round(matches.confidence, 4),
        "candidates": [_candidate(candidate) for candidate in matches.candidates],
    }


def _further(matches: Matches, ref: str) -> dict[str, Any]:
    found = [candidate for candidate in matches.candidates if candidate.claim_ref == ref]
    score = found[0].score if found else 0.0
    return {"claim_ref": ref, "confidence": round(score, 4), "candidates": [_candidate(one) for one in found]}


def _candidate(candidate: Candidate) -> dict[str, Any]:
    evidence = [
        {
            "feature": one.feature,
            "on_paper": one.on_paper,
            "on_file": one.on_file,
            "similarity": round(one.similarity, 3),
            "weight": round(one.weight, 3),
        }
        for one in candidate.evidence
    ]
    return {"claim_ref": candidate.claim_ref, "score": round(candidate.score, 4), "evidence": evidence}


def _effects(record: ItemRecord) -> list[dict[str, Any]]:
    """Settled: what took effect. On the desk: the holds in force already. Shadow: what would have been done."""
    by_claim: dict[str, dict[str, Any]] = {}

    def entry(ref: str) -> dict[str, Any]:
        return by_claim.setdefault(ref, {"claim_ref": ref, "status": None, "holds": []})

    waiting = record.item.outcome in (Outcome.REVIEW, None)
    for effect in record.decision.effects if record.decision else ():
        entry(effect.claim_ref)["status"] = effect.status.value if effect.status else None
        if not waiting or not record.holds:
            entry(effect.claim_ref)["holds"] += [_terms(terms) for terms in effect.holds]
    if waiting:
        for held in sorted(record.holds, key=_hold_order):
            if held.ended_at is None:
                entry(held.claim_ref)["holds"].append(_terms(held.terms))
    return [by_claim[ref] for ref in sorted(by_claim)]


def _hold_order(held: Hold) -> tuple[str, str, str]:
    return (held.claim_ref, held.terms.kind.value, held.terms.reason)


def _terms(terms: HoldTerms) -> dict[str, Any]:
    return {
        "scope": terms.scope.value,
        "kind": terms.kind.value,
        "channels": [channel.value for channel in terms.channels],
        "reason": terms.reason,
        "owner": terms.owner,
        "until": terms.until.isoformat() if terms.until else None,
        "review_on": terms.review_on.isoformat() if terms.review_on else None,
        "redirect_to": terms.redirect_to,
    }
