"""What the results file says of an item's references."""

from __future__ import annotations

from models.evidence import Candidate, Evidence, Matches
from pipelines.results import references_of


def matched(on_paper: str, on_file: str, likeness: float, *written: str, proposed: str | None = "A-1") -> Matches:
    evidence = Evidence("invoice_reference", on_paper, on_file, likeness, 9.0)
    return Matches((Candidate("A-1", 0.99, (evidence,)),), proposed, 0.99, references=written)


def test_a_reference_that_differs_only_by_letters_readers_confuse_is_given_as_the_claim_has_it() -> None:
    assert references_of(matched("FI0175", "F10175", 0.97)) == ["F10175"]


def test_a_reference_with_a_letter_missing_stays_as_it_was_read() -> None:
    assert references_of(matched("10175", "F10175", 0.86, "10175")) == ["10175"]


def test_the_same_reference_is_given_once_and_as_written() -> None:
    assert references_of(matched("f 10-175", "F10175", 1.0, "f 10-175")) == ["f 10-175"]


def test_a_claim_that_is_not_proposed_adds_nothing() -> None:
    assert references_of(matched("FI0175", "F10175", 0.97, proposed=None)) == []
