from __future__ import annotations

from models.cheque import ChequeReading
from models.reading import Box, Page, Part, PartKind, Word
from ocr.cheque.backs import with_backs

ALONE = (0.02, 0.02, 0.96, 0.96)


def page(number: int, text: str = "", at: tuple[float, float] = (0.3, 0.4)) -> Page:
    words = tuple(
        Word(token, Box(number, at[0] + 0.08 * place, at[1], 0.06, 0.03), 0.9)
        for place, token in enumerate(text.split())
    )
    return Page(number, text, words)


def parts(*kinds: PartKind) -> tuple[Part, ...]:
    return tuple(Part(kind, (number,)) for number, kind in enumerate(kinds, start=1))


def test_the_page_after_a_cheque_is_its_back() -> None:
    (cheque,) = with_backs(
        [ChequeReading(1, ALONE)],
        [page(1, "BANQUE"), page(2, "dossier 4711")],
        parts(PartKind.CHEQUE, PartKind.CHEQUE_BACK),
    )
    assert cheque.back_text == "dossier 4711"


def test_a_cheque_scanned_face_down_has_its_back_before_it() -> None:
    (cheque,) = with_backs(
        [ChequeReading(2, ALONE)],
        [page(1, "dossier 4711"), page(2, "BANQUE")],
        parts(PartKind.CHEQUE_BACK, PartKind.CHEQUE),
    )
    assert cheque.back_text == "dossier 4711"


def test_of_two_cheques_in_a_pile_each_keeps_its_own_back() -> None:
    pages = [page(1), page(2, "ref A"), page(3), page(4, "ref B")]
    kinds = parts(PartKind.CHEQUE, PartKind.CHEQUE_BACK, PartKind.CHEQUE, PartKind.CHEQUE_BACK)
    found = with_backs([ChequeReading(1, ALONE), ChequeReading(3, ALONE)], pages, kinds)
    assert [cheque.back_text for cheque in found] == ["ref A", "ref B"]


def test_a_back_is_never_given_to_two_cheques() -> None:
    pages = [page(1), page(2, "ref A"), page(3)]
    kinds = parts(PartKind.CHEQUE, PartKind.CHEQUE_BACK, PartKind.CHEQUE)
    found = with_backs([ChequeReading(1, ALONE), ChequeReading(3, ALONE)], pages, kinds)
    assert [cheque.back_text for cheque in found] == ["ref A", ""]


def test_a_letter_after_a_cheque_is_not_its_back() -> None:
    (cheque,) = with_backs(
        [ChequeReading(1, ALONE)], [page(1), page(2, "Madame, Monsieur")], parts(PartKind.CHEQUE, PartKind.LETTER)
    )
    assert cheque.back_text == ""


def test_two_cheques_on_one_sheet_find_their_backs_where_the_turned_sheet_shows_them() -> None:
    above, below = ChequeReading(1, (0.0, 0.05, 0.8, 0.27)), ChequeReading(1, (0.0, 0.55, 0.8, 0.27))
    words = (*page(2, "ref haut", (0.4, 0.15)).words, *page(2, "ref bas", (0.4, 0.65)).words)
    found = with_backs([above, below], [page(1), Page(2, "", words)], parts(PartKind.CHEQUE, PartKind.CHEQUE_BACK))
    assert [cheque.back_text for cheque in found] == ["ref haut", "ref bas"]


def test_writing_between_the_backs_of_two_cheques_is_on_neither() -> None:
    above, below = ChequeReading(1, (0.0, 0.05, 0.8, 0.27)), ChequeReading(1, (0.0, 0.65, 0.8, 0.27))
    found = with_backs(
        [above, below], [page(1), page(2, "autre", (0.4, 0.46))], parts(PartKind.CHEQUE, PartKind.CHEQUE_BACK)
    )
    assert [cheque.back_text for cheque in found] == ["", ""]
