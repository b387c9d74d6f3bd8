"""Names of persons and firms in French letters: rules of the trade first, spaCy's entities for the rest.

Value of a person is `LAST|First` where the writing tells which is which (capitals, "née", "NOM :"), else the text.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from classifiers.number_words import folded
from classifiers.spans import Span
from classifiers.trade_words import FUNCTION_WORDS, NOT_NAMES

ENTITY_TEXT = 3_000  # characters given to spaCy at most
_UP = "A-ZÀ-ÖØ-ÞŒŠŽŸĀ-ſ"  # the last range has both cases: names of the whole of Europe
_LOW = "a-zß-öø-ÿœšžĀ-ſ"
_PARTICLE = (
    r"(?:de\s+la|de\s+l['’]|de|du|des|d['’]|le|la|van\s+der|"
    r"van\s+de|van|von|ben|ibn|el|al|da|dos|di|del|della|mac|mc|saint|st)"
)
_PART = rf"(?:[{_UP}][{_UP}{_LOW}]*(?:['’][{_UP}]?[{_UP}{_LOW}]+)?|[{_UP}]['’][{_UP}][{_UP}{_LOW}]+)"
_TOKEN = rf"(?:{_PART}(?:-{{1,2}}(?:{_PART}|[{_LOW}]+))*\.?(?:-[{_UP}]\.)?)"
_NAME = rf"{_TOKEN}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0]?)?{_TOKEN}){{0,3}}"
_CIVILITY = (
    r"(?:M\.?\s?(?:et|ou|&)\s?M(?:me|ME|adame)\.?|Messieurs|Monsieur|Mesdames|Madame|Mademoiselle|Mme|MME|Mlle|MLLE"
    r"|Mr\.?|MR\.?|M\.|Me|Maître|MAITRE|Maitre|Dr|Docteur|MONSIEUR|MADAME)"
)
_WITH_CIVILITY = re.compile(rf"(?<![\w]){_CIVILITY}[ \u00a0]{{1,2}}(?P<name>(?:{_PARTICLE}[ \u00a0]?)?{_NAME})")
_BIRTH_NAME = re.compile(
    rf"\b(?:n[ée]{{1,2}}e?|NEE|NÉE|[ée]pouse|[EÉ]POUSE|[ée]p\.|veuve|VEUVE|vve|VVE|divorc[ée]e"
    rf"|nom de jeune fille\s*:?|nom de naissance\s*:?|nom d'usage\s*:?)[ \u00a0]+(?P<name>{_NAME})"
)
_TWO_CAPITALS = re.compile(rf"(?<![\w'’]){_TOKEN}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0]?)?{_TOKEN}){{1,3}}")
_SAYS_NAME = re.compile(
    rf"(?:[Jj]e\s+soussign[ée]+e?|[Jj]e\s+m['’ ]?appell?e|[Mm]on\s+nom\s+est|[Ii]ci|[Cc]['’]est|sign[ée]\s*:?"
    rf"|[Ee]xp[ée]diteur\s*:|EXP[EÉ]DITEUR\s*:|[Dd][ée]biteur\s*:|[Tt]itulaire\s*:|au nom de|AU NOM DE)[ ,:\u00a0]*"
    rf"(?:{_CIVILITY}[ \u00a0])?(?P<name>{_NAME})"
)
_FORM_LAST = re.compile(
    rf"(?im)^[^\w\n]*nom(?:\s+de famille)?\s*[:.…_]+\s*(?P<last>[{_UP}{_LOW}][{_UP}{_LOW}'’ -]{{1,40}}?)(?=\s*$"
    rf"|\s{{2,}}|\s*[,;/]|\s+pr[ée]nom)"
)
_FORM_FIRST = re.compile(
    rf"(?im)\bpr[ée]noms?\s*[:.…_]+\s*(?P<first>[{_UP}{_LOW}][{_UP}{_LOW}'’ -]{{1,40}}?)(?=\s*$|\s{{2,}}|\s*[,;/])"
)
_COMPANY = re.compile(
    rf"(?<!\w)(?:(?P<form>SARL|S\.A\.R\.L\.?|EURL|SASU|SAS|S\.A\.S\.?|SCI|S\.C\.I\.?|SELARL|SELAS|SCP|SNC|EARL"
    rf"|GAEC|SCEA|EI|Ets|[EÉ]tablissements|Soci[ée]t[ée]|SOCI[EÉ]T[EÉ]|Entreprise|Association|ASSOCIATION|Cabinet"
    rf"|CABINET|[EÉ]tude|Garage|GARAGE|Boulangerie|Pharmacie|Restaurant|RESTAURANT)[ \u00a0]"
    rf"(?P<after>{_TOKEN}(?:[ \u00a0](?:&|et|de|du|des|la|le|les|d['’]|{_TOKEN})){{0,5}})"
    rf"|(?P<before>{_TOKEN}(?:[ \u00a0](?:&|et|de|du|des|{_TOKEN})){{0,5}})[ \u00a0](?P<tail>SARL|EURL|SASU|SAS"
    rf"|SCI|SELARL|SCP|SNC|SA|EI)(?!\w))"
)


def find_persons(text: str) -> list[Span]:
    """Persons named by rules: civility, "née", "je soussigné", forms. `value` as the module says."""
    spans = []
    for match in _WITH_CIVILITY.finditer(text):
        name = _bare(match["name"])
        if is_name(name, alone=True):
            spans.append(_person(match, name, written_name(name, lone_is_last=True)))
    for match in _BIRTH_NAME.finditer(text):
        name = _bare(match["name"])
        if is_name(name, alone=True):
            spans.append(_person(match, name, f"{name.upper()}|"))
    for match in _SAYS_NAME.finditer(text):
        name = _bare(match["name"])
        if is_name(name):
            spans.append(_person(match, name, written_name(name)))
    return spans + _from_form(text)


def _bare(name: str) -> str:
    """Without the full stop of the sentence; that of an initial stays."""
    return re.sub(r"(?<=\w\w)\.$", "", name)


def _person(match: re.Match[str], name: str, value: str) -> Span:
    return Span(match.start("name"), match.start("name") + len(name), name, value, 0.9)


def _from_form(text: str) -> list[Span]:
    """ "NOM : ...  Prénom : ..." of printed forms, filled in."""
    spans = []
    for last in _FORM_LAST.finditer(text):
        first = _FORM_FIRST.search(text, last.end(), min(len(text), last.end() + 120))
        written = f"{last['last'].strip().upper()}|{first['first'].strip().title() if first else ''}"
        end = first.end() if first else last.end()
        if is_name(last["last"].strip().title(), alone=True):
            spans.append(Span(last.start("last"), end, " ".join(written.split("|")).strip(), written, 0.9))
    return spans


def find_companies(text: str) -> list[Span]:
    """Firms by their legal form or trade word, as written."""
    return [
        Span(match.start(), match.end(), match[0], (match["after"] or match["before"]).strip(), 0.8)
        for match in _COMPANY.finditer(text)
        if match["after"] or not is_stop(match["before"].split()[0])
    ]


def find_entities(text: str) -> list[Span]:
    """Persons that spaCy sees and whose words can be a name: it is given only sentences with two capitals in a row."""
    told = _telling_sentences(text)
    spans = []
    for entity in _pipeline()(told).ents if told else ():
        line = entity.text.split("\n")[0].strip(" ,.;:-–")
        at = text.find(line) if entity.label_ == "PER" and is_name(line) else -1
        if at >= 0:
            spans.append(Span(at, at + len(line), line, written_name(line), 0.7))
    return spans


def _telling_sentences(text: str) -> str:
    """Sentences that may name somebody whom no civility announces, at most ENTITY_TEXT characters."""
    ruled = {span.start for span in find_persons(text)}
    kept: list[str] = []
    end = 0
    for match in _TWO_CAPITALS.finditer(text):
        if match.start() < end or match.start() in ruled or not is_name(match[0]):
            continue
        start = max(text.rfind(mark, 0, match.start()) + len(mark) if mark in text else 0 for mark in ("\n", ". "))
        end = min((place for mark in ("\n", ". ") if (place := text.find(mark, match.end())) >= 0), default=len(text))
        kept.append(text[max(start, match.start() - 150) : min(end, match.end() + 80)])
    return ".\n".join(kept)[:ENTITY_TEXT]


@contextmanager
def _without_torch() -> Iterator[None]:
    """spaCy imports PyTorch wherever it is installed (for training): two seconds and 200 MB a process for nothing."""
    absent = "torch" not in sys.modules
    if absent:
        sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if absent:
            del sys.modules["torch"]


@lru_cache(maxsize=1)
def _pipeline() -> Any:
    """spaCy's French entity recogniser alone, loaded when first needed (half a second).

    Its French tokenizer compiles 16,000 exceptions, 3.5 CPU seconds: the plain one with a cut after elisions ("l'")
    finds the same persons in 612 of 616 cases of the corpus.
    """
    with _without_torch():
        import spacy
        from spacy.util import compile_infix_regex

    unused = ["tok2vec", "tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "senter", "tokenizer"]
    pipeline: Any = spacy.load("fr_core_news_sm", exclude=unused, config={"nlp.lang": "xx"})
    elision = rf"(?<=[{_UP}{_LOW}]['’])(?=[{_UP}{_LOW}])"
    pipeline.tokenizer.infix_finditer = compile_infix_regex([*list(pipeline.Defaults.infixes), elision]).finditer
    return pipeline


def is_stop(word: str) -> bool:
    return folded(word).strip(".,:;") in NOT_NAMES and not re.fullmatch(r"[A-Z]\.?", word)


def is_name(line: str, *, alone: bool = False) -> bool:
    """Whether these words can be a person's name: two to five of them (one if `alone`), capitalised, no trade "
    "words."""
    words = [word for word in re.split(r"[ \u00a0]+", line.strip()) if word]
    telling = [word for word in words if folded(word).strip("'’") not in FUNCTION_WORDS]
    if not (1 if alone else 2) <= len(telling) <= 5 or not re.fullmatch(
        rf"[{_UP}{_LOW}'’. \u00a0-]{{2,60}}", line.strip()
    ):
        return False
    if not all(word[0].isupper() or re.match(r"[dl]['’]", word) for word in telling):
        return False
    if any(is_stop(word) for word in telling):
        return False
    return any(len(word.strip(".")) >= 2 for word in telling)


def written_name(name: str, *, lone_is_last: bool = False) -> str:
    """`LAST|First` from capitals or from "First Last"; the text itself where nothing tells."""
    words = name.split()
    capitals = [word for word in words if _is_capitals(word)]
    others = [word for word in words if not _is_capitals(word) and folded(word) not in FUNCTION_WORDS]
    if capitals and others:
        first_capital = words.index(capitals[0])
        while first_capital > 0 and folded(words[first_capital - 1]) in FUNCTION_WORDS:
            first_capital -= 1
        last_end = max(place for place, word in enumerate(words) if word in capitals) + 1
        last = " ".join(words[first_capital:last_end])
        first = " ".join(words[:first_capital] + words[last_end:])
        return f"{last.upper()}|{first}"
    if len(words) == 1:
        return f"{name.upper()}|" if lone_is_last else name
    if not capitals:
        split = 2 if len(words) > 2 and words[1][0].isupper() and words[1].endswith(".") else 1
        return f"{' '.join(words[split:]).upper()}|{' '.join(words[:split])}"
    return name


def _is_capitals(word: str) -> bool:
    letters = re.sub(r"[^A-Za-zÀ-ÿ]", "", word)
    return len(letters) >= 2 and letters.isupper()
