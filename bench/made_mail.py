"""Made mail about a made portfolio: what a scanner or a mail client hands over, with its errors, and whom it means.

Debtors, relatives, payers and representatives write; references are whole, mistyped, misread, somebody else's or
missing; some items are about nobody in the portfolio. `decidable` is false where even a clerk could not choose
between two claims of one debtor.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bench.portfolio import CREDITORS, MEN, STREETS, WOMEN, WORDS
from models.claim import Claim
from models.understanding import Mention, MentionKind, Mentions

OPENINGS, BODIES, CLOSINGS = WORDS["openings"], WORDS["bodies"], WORDS["closings"]
LABELS, ADVERTS, OTHER_NUMBERS = WORDS["labels"], WORDS["adverts"], WORDS["other_numbers"]
_CONFUSED = {
    "0": "O", "O": "0", "1": "I", "I": "1", "5": "S", "S": "5", "8": "B", "B": "8", "2": "Z", "l": "1", "m": "rn",
}  # fmt: skip
_TELLING = (MentionKind.ADDRESS, MentionKind.POSTCODE, MentionKind.EMAIL, MentionKind.PHONE)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class MadeItem:
    mentions: Mentions
    text: str
    wanted: tuple[str, ...]  # the claims it is about, the main one first
    kind: str
    decidable: bool = True


@dataclass
class _Draft:
    lines: list[str] = field(default_factory=list)
    found: list[Mention] = field(default_factory=list)
    sender: str | None = None


class Correspondence:
    """Draws items about the claims of one portfolio."""

    def __init__(self, claims: Sequence[Claim], seed: int = 1, seen: float = 0.9, rough: bool = False) -> None:
        """`rough`: more misreading, other people named beside, fewer references: to learn what little can prove."""
        self._rough = rough
        self._claims = claims
        self._random = random.Random(seed)
        self._seen = seen  # share of mentions that the reader of mentions finds
        self._by_debtor: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
        for claim in claims:
            self._by_debtor[_debtor(claim)].append(claim)
        self._namesakes: Counter[tuple[str, str]] = Counter()
        for claim in claims:
            self._namesakes[_name_key(claim, True)] += 1
            self._namesakes[_name_key(claim, False)] += 1
        self._refs = {claim.claim_ref for claim in claims}

    def item(self) -> MadeItem:
        r = self._random
        shares = (30, 20, 20, 15, 15) if self._rough else (45, 25, 20, 10, 0)
        noise = r.choices((0.0, 0.005, 0.02, 0.05, 0.12), shares)[0]
        dice = r.random()
        if dice < 0.05:
            return self._about_nobody(noise)
        claim = self._claims[r.randrange(len(self._claims))]
        if dice < 0.08:
            return self._about_two(claim, noise)
        if dice < 0.17:
            return self._from_another(claim, noise)
        if dice < 0.19:
            return self._mistyped(claim, noise)
        return self._from_debtor(claim, noise)

    # --- kinds of items -----------------------------------------------------------------------------------------

    def _from_debtor(self, claim: Claim, noise: float) -> MadeItem:
        r = self._random
        draft = _Draft()
        moved = r.random() < 0.06
        self._head(draft, claim, noise, address=r.random() < 0.7, moved=moved)
        sure = self._subject(draft, claim, noise)
        self._body(draft, claim, noise)
        if r.random() < 0.1 and claim.birth_date:
            self._birth(draft, claim, noise)
        self._foot(draft, claim, noise)
        return self._done(draft, (claim.claim_ref,), "debtor", sure or self._only(claim, draft))

    def _from_another(self, claim: Claim, noise: float) -> MadeItem:
        """A relative, an employer, a lawyer: another sender, and the debtor's name usually somewhere."""
        r = self._random
        draft = _Draft()
        writer = self._claims[r.randrange(len(self._claims))]
        surname = claim.last_name if r.random() < 0.35 and claim.last_name else writer.last_name or "LEROUX"
        draft.sender = f"{r.choice(MEN + WOMEN)} {surname.title()}"
        self._put(draft, MentionKind.NAME, draft.sender, draft.sender, noise, role="sender")
        self._put(
            draft, MentionKind.POSTCODE, f"{writer.postcode} {writer.city}", writer.postcode, noise, role="sender"
        )
        named = r.random() < 0.85
        self._reference(draft, claim, noise, always=not named)
        if named:
            who = r.choice(("de ma mère", "de mon fils", "de mon client", "de mon mari", "pour le compte"))
            name = self._name(claim)
            self._put(draft, MentionKind.NAME, f"Je vous écris au sujet {who}, {name}", name, noise)
            if r.random() < 0.5:
                self._put(
                    draft, MentionKind.ADDRESS, f"{claim.address}, {claim.postcode} {claim.city}", claim.address, noise
                )
        self._body(draft, claim, noise)
        draft.lines.append(draft.sender)
        return self._done(
            draft, (claim.claim_ref,), "another sender", self._has_reference(draft) or self._only(claim, draft)
        )

    def _about_two(self, claim: Claim, noise: float) -> MadeItem:
        others = [other for other in self._by_debtor[_debtor(claim)] if other is not claim]
        other = others[0] if others else self._claims[self._random.randrange(len(self._claims))]
        draft = _Draft()
        self._head(draft, claim, noise, address=True)
        for one in (claim, other):
            self._put(draft, MentionKind.REFERENCE, f"dossier {one.claim_ref}", one.claim_ref, 0.0)
        self._body(draft, claim, noise)
        return self._done(draft, (claim.claim_ref, other.claim_ref), "two claims", True)

    def _mistyped(self, claim: Claim, noise: float) -> MadeItem:
        """One character wrong, and the result is somebody else's reference where the portfolio has one."""
        reference = claim.claim_ref
        hits = [variant for variant in _one_digit_apart(reference) if variant in self._refs]
        wrong = self._random.choice(hits) if hits else self._typed_wrong(reference)
        draft = _Draft()
        self._head(draft, claim, noise, address=True)
        self._put(draft, MentionKind.REFERENCE, f"dossier {wrong}", wrong, 0.0)
        self._body(draft, claim, noise)
        self._foot(draft, claim, noise)
        return self._done(
            draft, (claim.claim_ref,), "mistyped, hits another" if hits else "mistyped", self._only(claim, draft)
        )

    def _about_nobody(self, noise: float) -> MadeItem:
        r = self._random
        draft = _Draft()
        if r.random() < 0.4:
            draft.lines.append(_misread(r.choice(ADVERTS).format(day=self._day()), noise, r))
            return self._done(draft, (), "nobody", True)
        one, two = (self._claims[r.randrange(len(self._claims))] for _ in range(2))
        surname = one.last_name if r.random() < 0.5 else one.last_name[:3] + two.last_name[2:]
        ghost = replace(
            one, first_name=r.choice(MEN + WOMEN), last_name=surname or "ZWERTVAEGHER",
            company_name="", postcode=two.postcode, city=two.city, email="", phone="",
            claim_ref=f"X-{r.randrange(10**6)}",
            address=f"{r.randrange(200, 400)} RUE {r.choice(STREETS)}", balance=r.randrange(100, 200_000),
        )  # fmt: skip
        self._head(draft, ghost, noise, address=r.random() < 0.7)
        self._body(draft, ghost, noise)
        self._foot(draft, ghost, noise)
        return self._done(draft, (), "nobody", True)

    # --- parts of a letter --------------------------------------------------------------------------------------

    def _head(self, draft: _Draft, claim: Claim, noise: float, *, address: bool, moved: bool = False) -> None:
        name = self._name(claim)
        draft.sender = _misread(name, noise, self._random)
        self._put(draft, MentionKind.NAME, name, self._pair(claim, name), noise, role="sender")
        if address:
            home = self._claims[self._random.randrange(len(self._claims))] if moved else claim
            if home.address:
                self._put(draft, MentionKind.ADDRESS, self._street(home.address), home.address, noise, role="sender")
            self._put(draft, MentionKind.POSTCODE, f"{home.postcode} {home.city}", home.postcode, noise, role="sender")
        if claim.email and self._random.random() < 0.3:
            self._put(draft, MentionKind.EMAIL, claim.email, claim.email, 0.0, role="sender")

    def _subject(self, draft: _Draft, claim: Claim, noise: float) -> bool:
        return self._reference(draft, claim, noise, always=False)

    def _reference(self, draft: _Draft, claim: Claim, noise: float, *, always: bool) -> bool:
        r = self._random
        dice = r.random() * (0.76 if always else 1.6 if self._rough else 1.0)
        if dice < 0.5:
            reference = claim.claim_ref
        elif dice < 0.63:
            reference = claim.client_ref
        elif dice < 0.76:
            reference = r.choice(claim.invoice_refs)
        else:
            return False
        written = self._restyled(reference)
        if r.random() < 0.05 and not always:
            written = self._typed_wrong(written)
        elif r.random() < 0.05:
            written = "".join(_CONFUSED.get(c, c) if r.random() < 0.15 else c for c in written)
        self._put(draft, MentionKind.REFERENCE, r.choice(LABELS).format(written), written, noise / 4)
        return True

    def _body(self, draft: _Draft, claim: Claim, noise: float) -> None:
        r = self._random
        draft.lines.append(r.choice(OPENINGS))
        if self._rough and r.random() < 0.25:
            self._beside(draft, claim, noise)
        draft.lines.append(_misread(r.choice(BODIES).format(day=self._day()), noise, r))
        if r.random() < 0.45:
            self._amount(draft, claim.balance, "la somme de {} euros", noise)
        if r.random() < 0.2:
            self._amount(draft, r.randrange(500, 90_000), "soit {} € par mois", noise)
        if r.random() < 0.55:
            draft.lines.append(_misread(f"pour {claim.creditor}", noise, r))
        elif r.random() < 0.06:
            draft.lines.append(f"j'ai aussi eu affaire à {r.choice(CREDITORS)}")
        if r.random() < 0.25:
            numbers = {"a": r.randrange(10**9), "b": r.randrange(10**7), "c": r.randrange(10**5)}
            draft.lines.append(r.choice(OTHER_NUMBERS).format(**numbers))

    def _beside(self, draft: _Draft, claim: Claim, noise: float) -> None:
        """Somebody or something else that the letter names: a neighbour, a relative, another address or date."""
        r = self._random
        other = self._claims[r.randrange(len(self._claims))]
        surname = claim.last_name if r.random() < 0.4 and claim.last_name else other.last_name or "LEROY"
        person = f"{r.choice(MEN + WOMEN)} {surname.title()}"
        match r.randrange(4):
            case 0:
                self._put(draft, MentionKind.NAME, f"avec {person}", person, noise)
            case 1:
                self._put(draft, MentionKind.ADDRESS, f"chez {person}, {other.address}", other.address, noise)
                self._put(draft, MentionKind.POSTCODE, f"{other.postcode} {other.city}", other.postcode, noise)
            case 2 if other.birth_date:
                born = f"{person}, né le {other.birth_date:%d/%m/%Y}"
                self._put(draft, MentionKind.BIRTH_DATE, born, other.birth_date.isoformat(), noise)
            case _:
                draft.lines.append(_misread(f"et non {r.choice(CREDITORS)}", noise, r))

    def _foot(self, draft: _Draft, claim: Claim, noise: float) -> None:
        r = self._random
        draft.lines.append(r.choice(CLOSINGS))
        if claim.phone and r.random() < 0.3:
            spaced = " ".join(claim.phone[i : i + 2] for i in range(0, 10, 2))
            self._put(draft, MentionKind.PHONE, f"tél {spaced}", claim.phone, 0.0)
        draft.lines.append(_misread(self._name(claim), noise, r))

    def _birth(self, draft: _Draft, claim: Claim, noise: float) -> None:
        assert claim.birth_date is not None
        self._put(
            draft, MentionKind.BIRTH_DATE, f"né(e) le {claim.birth_date:%d/%m/%Y}", claim.birth_date.isoformat(), 0.0
        )

    def _amount(self, draft: _Draft, cents: int, words: str, noise: float) -> None:
        written = f"{cents // 100},{cents % 100:02d}"
        self._put(draft, MentionKind.AMOUNT, words.format(written), str(cents), noise / 4)

    def _put(self, draft: _Draft, kind: MentionKind, words: str, value: str, noise: float, role: str = "body") -> None:
        """A line as it was read, and the mention of it where nothing was misread in it or it matters little."""
        read = _misread(words, noise, self._random)
        draft.lines.append(read)
        if self._random.random() > self._seen:
            return
        if read == words or kind in (MentionKind.NAME, MentionKind.ADDRESS):
            known = value if read == words else read
            draft.found.append(Mention(kind, read, known, role))

    # --- ways of writing ----------------------------------------------------------------------------------------

    def _name(self, claim: Claim) -> str:
        r = self._random
        if claim.company_name:
            words = claim.company_name.split()
            return " ".join(words[1:]) if r.random() < 0.3 else claim.company_name
        surname = claim.birth_name if claim.birth_name and r.random() < 0.15 else claim.last_name
        first = claim.first_name
        if self._rough and r.random() < 0.1:
            return r.choice((f"Mme {surname}", f"M. {surname}", f"famille {surname.title()}"))
        ways = (
            f"{first} {surname.title()}", f"{surname} {first}", f"{claim.civility} {first} {surname}",
            f"{first[0]}. {surname}", f"M. et Mme {surname.title()}", f"{surname.lower()} {first.lower()}",
        )  # fmt: skip
        return r.choices(ways, (40, 25, 20, 7, 4, 4))[0]

    def _pair(self, claim: Claim, written: str) -> str:
        if claim.company_name or claim.first_name not in written or claim.last_name not in written.upper():
            return written
        return f"{claim.last_name}|{claim.first_name}"

    def _street(self, address: str) -> str:
        r = self._random
        if r.random() < 0.5:
            return address
        short = {"AVENUE": "av.", "BOULEVARD": "bd", "PLACE": "pl.", "CHEMIN": "che", "ALLEE": "all.", "ROUTE": "rte"}
        words = [short.get(word, word.title()) for word in address.split()]
        return " ".join(words).replace("General", "Gal").replace("Saint", "St").replace("Marechal", "Mal")

    def _restyled(self, reference: str) -> str:
        dice = self._random.random()
        if dice < 0.7:
            return reference
        if dice < 0.8:
            return "".join(c for c in reference if c.isalnum())
        if dice < 0.9:
            return reference.replace("-", " ").replace("/", " ").replace(".", " ")
        return reference.lower()

    def _typed_wrong(self, reference: str) -> str:
        r = self._random
        digits = [i for i, c in enumerate(reference) if c.isdigit()]
        at = r.choice(digits)
        match r.randrange(3):
            case 0:
                return reference[:at] + str((int(reference[at]) + r.randrange(1, 10)) % 10) + reference[at + 1 :]
            case 1:
                return reference[:at] + reference[at + 1 :]
            case _:
                return reference[:at] + reference[at : at + 2][::-1] + reference[at + 2 :]

    def _day(self) -> str:
        return f"{self._random.randrange(1, 29)}/{self._random.randrange(1, 13):02d}/2026"

    # --- is it decidable? ---------------------------------------------------------------------------------------

    def _has_reference(self, draft: _Draft) -> bool:
        return any(mention.kind is MentionKind.REFERENCE for mention in draft.found)

    def _only(self, claim: Claim, draft: _Draft) -> bool:
        """The debtor has one claim, or the item tells which by its creditor or its sum."""
        kin = self._by_debtor[_debtor(claim)]
        text = "\n".join(draft.lines)
        whole = f"{claim.first_name.lower()}" in text.lower() or bool(claim.company_name)
        told_more = any(mention.kind in _TELLING for mention in draft.found)
        namesakes = self._namesakes[_name_key(claim, whole)]
        if namesakes > len(kin) and not told_more and not self._has_reference(draft):
            kin = kin + [claim] * (namesakes - len(kin))
        sum_written = f"{claim.balance // 100},{claim.balance % 100:02d}" in text
        told = claim.creditor in text and sum(other.creditor == claim.creditor for other in kin) == 1
        return len(kin) == 1 or sum_written or told

    def _done(self, draft: _Draft, wanted: tuple[str, ...], kind: str, decidable: bool) -> MadeItem:
        mentions = Mentions(tuple(draft.found), draft.sender if self._random.random() < self._seen else None)
        return MadeItem(mentions, "\n".join(line for line in draft.lines if line), wanted, kind, decidable)


def _debtor(claim: Claim) -> tuple[str, ...]:
    if claim.company_name:
        return (claim.company_name, claim.address, claim.postcode)
    return (claim.last_name, claim.first_name, claim.address, claim.postcode)


def _name_key(claim: Claim, whole: bool) -> tuple[str, str]:
    return (claim.company_name or claim.last_name, claim.first_name if whole else "?")


def _one_digit_apart(reference: str) -> list[str]:
    return [
        reference[:i] + digit + reference[i + 1 :]
        for i, c in enumerate(reference)
        if c.isdigit()
        for digit in "0123456789"
        if digit != c
    ]


def _misread(text: str, rate: float, r: random.Random) -> str:
    """Characters confused, lost, doubled or swapped for others at the given rate."""
    if rate == 0.0:
        return text
    read = []
    for c in text:
        dice = r.random() / rate
        if dice >= 1.0 or c == "\n":
            read.append(c)
        elif dice < 0.45 and c in _CONFUSED:
            read.append(_CONFUSED[c])
        elif dice < 0.65:
            read.append(r.choice("0123456789") if c.isdigit() else r.choice(_LETTERS) if c.isalpha() else c)
        elif dice < 0.85:
            continue
        else:
            read.append(c + r.choice(" .,'"))
    return "".join(read)
