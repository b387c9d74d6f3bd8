"""The portfolio: imported in bulk, merged with what we know better, searched by the desk."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, and_, bindparam, func, insert, or_, select, update

from connectors.database.debtors import joined, linked_pairs
from connectors.database.statements import next_number, one_of
from connectors.database.tables import claims, counters
from models.claim import Claim, Status, StatusConflict, merged_status
from models.gate import Standing

BATCH = 2_000
COUNTER = "claims"
_PLAIN = (
    "claim_ref",
    "creditor",
    "client_ref",
    "civility",
    "last_name",
    "birth_name",
    "first_name",
    "company_name",
    "birth_date",
    "address",
    "postcode",
    "city",
    "email",
    "phone",
    "principal",
    "fees",
    "balance",
    "currency",
    "opened_on",
    "debtor_ref",
    "due_on",
    "limitation_on",
    "enforceable_title",
    "plan_next_due",
)
_PLURAL = ("invoice_refs", "co_debtor_refs", "payee_names")
_FIELDS = tuple(field.name for field in fields(Claim))
_WHOLE = select(*(claims.c[name] for name in _FIELDS))
_REFS: BindParameter[Any] = bindparam("refs", expanding=True)
_NAMED = _WHOLE.where(claims.c.claim_ref.in_(_REFS)).order_by(claims.c.claim_ref)  # built once: the gate asks it often
_FACE = select(
    claims.c.claim_ref,
    claims.c.status,
    claims.c.debtor_ref,
    claims.c.company_name,
    claims.c.first_name,
    claims.c.last_name,
    claims.c.co_debtor_refs,
)
_FACES = _FACE.where(claims.c.claim_ref.in_(_REFS))
_ONE_FACE = _FACE.where(claims.c.claim_ref == bindparam("ref"))
_PLURAL_PLACES = tuple(_FIELDS.index(name) for name in _PLURAL)
_STATUS_PLACE = _FIELDS.index("status")
_STATUS = {status.value: status for status in Status}
_BETWEEN = re.compile(r"[^a-z0-9]+")


class ClaimRows:
    """Keeps `pipelines.ports.ClaimBooks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- in -----------------------------------------------------------------------------------------------------

    def upsert(self, claims: Iterable[Claim]) -> tuple[int, int, int]:
        """A reference that comes twice counts once: the later row holds. A status or a balance that we changed
        since the last import stays, unless the import brings `closed`, `paid` or another balance than before."""
        added = changed = unchanged = 0
        rest = iter(claims)
        while batch := list(islice(rest, BATCH)):
            counts = self._upsert_batch({claim.claim_ref: claim for claim in batch})
            added, changed, unchanged = added + counts[0], changed + counts[1], unchanged + counts[2]
        return added, changed, unchanged

    def _upsert_batch(self, batch: dict[str, Claim]) -> tuple[int, int, int]:
        revision = next_number(self._connection, COUNTER)  # also makes two imports take turns
        known = self._known(list(batch))
        together = joined(linked_pairs(self._connection))
        new: list[dict[str, Any]] = []
        other: list[dict[str, Any]] = []
        for ref, claim in batch.items():
            digest = _digest(claim)
            before = known.get(ref)
            if before is None:
                new.append({**_row(claim, digest, revision), **_linked(claim, together)})
            elif bytes(before.digest) != digest:
                other.append(
                    {**_row(claim, digest, revision), **_linked(claim, together), **_ours(before, claim), "asked": ref}
                )
        if new:
            self._connection.execute(insert(claims), new)
        if other:
            columns: dict[str, Any] = {name: bindparam(name) for name in other[0] if name not in ("asked", "claim_ref")}
            changed = update(claims).where(claims.c.claim_ref == bindparam("asked")).values(columns)
            self._connection.execute(changed, other)
        return len(new), len(other), len(batch) - len(new) - len(other)

    def conflicts(self, claims: Sequence[Claim]) -> list[StatusConflict]:
        """Where these claims bring another status than the last time, and ours had changed meanwhile: see
        `merged_status`. Asked before `upsert`, which forgets what the last import said."""
        found = []
        for start in range(0, len(claims), BATCH):
            batch = {claim.claim_ref: claim.status for claim in claims[start : start + BATCH]}
            for row in self._changed_here(list(batch)):
                ours, imported, theirs = _STATUS[row.status], _STATUS[row.imported_status], batch[row.claim_ref]
                if theirs is not imported and theirs is not ours:
                    kept = merged_status(ours, imported, theirs)
                    found.append(StatusConflict(row.claim_ref, ours, theirs, kept))
        return found

    def _changed_here(self, refs: Sequence[str]) -> Sequence[Any]:
        columns = (claims.c.claim_ref, claims.c.status, claims.c.imported_status)
        ours = and_(one_of(self._connection, claims.c.claim_ref, refs), claims.c.status != claims.c.imported_status)
        return self._connection.execute(select(*columns).where(ours).order_by(claims.c.claim_ref)).all()

    def _known(self, refs: Sequence[str]) -> dict[str, Any]:
        columns = (
            claims.c.claim_ref,
            claims.c.digest,
            claims.c.status,
            claims.c.balance,
            claims.c.imported_status,
            claims.c.imported_balance,
        )
        rows = self._connection.execute(select(*columns).where(one_of(self._connection, claims.c.claim_ref, refs)))
        return {row.claim_ref: row for row in rows.all()}

    def set_status(self, claim_ref: str, status: Status) -> None:
        """Raises KeyError for an unknown claim."""
        self._set(claim_ref, status=status)

    def set_balance(self, claim_ref: str, balance: int) -> None:
        """In cents. Raises KeyError for an unknown claim."""
        self._set(claim_ref, balance=balance)

    def _set(self, claim_ref: str, **values: Any) -> None:
        values["revision"] = next_number(self._connection, COUNTER)
        changed = self._connection.execute(update(claims).where(claims.c.claim_ref == claim_ref).values(values))
        if changed.rowcount != 1:
            raise KeyError(claim_ref)

    # -- out ----------------------------------------------------------------------------------------------------

    def get(self, claim_ref: str) -> Claim | None:
        return self.get_many([claim_ref]).get(claim_ref)

    def get_many(self, claim_refs: Sequence[str]) -> dict[str, Claim]:
        if not claim_refs:
            return {}
        if len(claim_refs) <= BATCH:
            rows = self._connection.execute(_NAMED, {"refs": list(claim_refs)})
        else:
            rows = self._connection.execute(_WHOLE.where(one_of(self._connection, claims.c.claim_ref, claim_refs)))
        return {row[0]: _claim(row) for row in rows}

    def standings(self, claim_refs: Sequence[str]) -> dict[str, Standing]:
        if len(claim_refs) == 1:
            rows = self._connection.execute(_ONE_FACE, {"ref": claim_refs[0]})
        elif len(claim_refs) <= BATCH:
            rows = self._connection.execute(_FACES, {"refs": list(claim_refs)})
        else:
            rows = self._connection.execute(_FACE.where(one_of(self._connection, claims.c.claim_ref, claim_refs)))
        return {
            ref: Standing(_STATUS[status], debtor, company or f"{first} {last}".strip(), several != "[]")
            for ref, status, debtor, company, first, last, several in rows
        }

    def of_debtor(self, debtor_ref: str) -> list[Claim]:
        return self._where(claims.c.debtor_ref == debtor_ref) if debtor_ref else []

    def all(self) -> Iterator[Claim]:
        after = ""
        while True:
            wanted = _WHOLE.where(claims.c.claim_ref > after).order_by(claims.c.claim_ref).limit(BATCH)
            rows = self._connection.execute(wanted).all()
            yield from map(_claim, rows)
            if len(rows) < BATCH:
                return
            after = rows[-1][0]

    def revision(self) -> int:
        wanted = select(counters.c.value).where(counters.c.name == COUNTER)
        return self._connection.execute(wanted).scalar_one_or_none() or 0

    def count_changed_since(self, revision: int) -> int:
        wanted = select(func.count()).select_from(claims).where(claims.c.revision > revision)
        return self._connection.execute(wanted).scalar_one()

    def changed_since(self, revision: int) -> list[Claim]:
        return self._where(claims.c.revision > revision)

    def creditors(self) -> set[str]:
        return set(self._connection.execute(select(claims.c.creditor).distinct()).scalars())

    def count(self) -> int:
        return self._connection.execute(select(func.count()).select_from(claims)).scalar_one()

    def search(self, text: str, limit: int = 20) -> list[Claim]:
        """The exact reference first; else every word must occur somewhere, in any order, accents or not."""
        key, words = compact(text), folded(text).split()
        if not key:
            return []
        exact = self._where(claims.c.ref_key == key, limit)
        if exact:
            return exact
        every_word = and_(*(claims.c.search_text.contains(word, autoescape=True) for word in words))
        run_together = claims.c.search_text.contains(key, autoescape=True)
        return self._where(or_(every_word, run_together) if len(key) >= 4 else every_word, limit)

    def _where(self, which: ColumnElement[bool], limit: int | None = None) -> list[Claim]:
        wanted = _WHOLE.where(which).order_by(claims.c.claim_ref).limit(limit)
        return [_claim(row) for row in self._connection.execute(wanted)]


def folded(text: str) -> str:
    """Lower case, without accents, one space between words."""
    if not text.isascii():
        letters = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(text.lower().split())


def compact(text: str) -> str:
    """Letters and digits only, lower case, without accents: how references are compared."""
    return _BETWEEN.sub("", folded(text))


def _digest(claim: Claim) -> bytes:
    return blake2b(repr(claim).encode(), digest_size=16).digest()


def _row(claim: Claim, digest: bytes, revision: int) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(claim, name) for name in _PLAIN}
    row |= {
        name: json.dumps(several, ensure_ascii=False) if (several := getattr(claim, name)) else "[]" for name in _PLURAL
    }
    names = f"{claim.last_name} {claim.birth_name} {claim.first_name} {claim.company_name}"
    words = folded(f"{names} {claim.postcode} {claim.city} {claim.email} {claim.phone}")
    keys = " ".join(compact(ref) for ref in (claim.claim_ref, claim.client_ref, *claim.invoice_refs) if ref)
    row |= {
        "status": claim.status,
        "imported_status": claim.status,
        "imported_balance": claim.balance,
        "digest": digest,
        "revision": revision,
        "ref_key": compact(claim.claim_ref),
        "search_text": f"{keys} {words} {compact(claim.phone)}",
    }
    return row


def _ours(before: Any, claim: Claim) -> dict[str, Any]:
    """What an import does not undo: the status and the balance that changed here since the last one."""
    kept: dict[str, Any] = {}
    if before.status != before.imported_status:
        kept["status"] = merged_status(_STATUS[before.status], _STATUS[before.imported_status], claim.status)
    if before.balance != before.imported_balance and claim.balance == before.imported_balance:
        kept["balance"] = before.balance
    return kept


def _linked(claim: Claim, together: Mapping[str, str]) -> dict[str, Any]:
    """A debtor whom a person has linked with another keeps the link, whatever the file calls it."""
    shared = together.get(claim.debtor_ref, claim.debtor_ref)
    return {"debtor_ref": shared, "own_debtor_ref": claim.debtor_ref if shared != claim.debtor_ref else None}


def _claim(row: Row[Any]) -> Claim:
    """From a row of `_WHOLE`. By position: a gate question about 100,000 claims builds as many."""
    values: list[Any] = list(row)
    for place in _PLURAL_PLACES:
        values[place] = tuple(json.loads(values[place])) if values[place] != "[]" else ()
    values[_STATUS_PLACE] = _STATUS[values[_STATUS_PLACE]]
    return Claim(*values)
