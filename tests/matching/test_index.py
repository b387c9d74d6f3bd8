"""Finding the claim an item is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from matching.index import ClaimIndex
from matching.plain import fingerprint
from models.claim import Claim
from models.errors import Unavailable
from models.understanding import Mention, MentionKind, Mentions

PAUNESCU = Claim(
    claim_ref="KX/2024/00731",
    creditor="Gaz de la Baie",
    balance=48_250,
    principal=45_000,
    client_ref="77 120 4431",
    invoice_refs=("FV-88120-B",),
    civility="MME",
    last_name="PĂUNESCU",
    first_name="Ileana",
    birth_date=date(1971, 3, 9),
    address="14 BIS RUE DES TANNEURS",
    postcode="35400",
    city="SAINT-MALO",
    email="ileana.p@mail.example",
    phone="06 12 34 56 78",
)
OTHERS = tuple(
    Claim(
        claim_ref=f"KX/2024/{number:05d}",
        creditor="Gaz de la Baie" if number % 2 else "Mobile Ouest",
        balance=10_000 + 37 * number,
        client_ref=f"{10 + number % 90} {100 + number * 7 % 900} {1000 + number * 13 % 9000}",
        invoice_refs=(f"FV-{20000 + number}-{'ABC'[number % 3]}",),
        last_name=("MARTIN", "BERNARD", "PETIT", "ROUX", "MOREL")[number % 5],
        first_name=("Paul", "Marie", "Jeanne", "Luc", "Rose", "Hugo", "Zoé")[number % 7],
        address=f"{number % 90 + 1} RUE DU MOULIN",
        postcode=("35000", "35400", "44000", "29200")[number % 4],
        city=("RENNES", "SAINT-MALO", "NANTES", "BREST")[number % 4],
    )
    for number in range(1000, 1400)
)


@pytest.fixture(scope="module")
def index() -> ClaimIndex:
    return ClaimIndex.build((PAUNESCU, *OTHERS))


def proposal(index: ClaimIndex, text: str, mentions: Mentions | None = None) -> str | None:
    return index.match(mentions or Mentions(), text).proposed


@pytest.mark.parametrize(
    "text",
    [
        "Dossier KX/2024/00731, je règle demain. Ileana Paunescu",
        "votre ref. kx 2024 00731 - I. PAUNESCU",
        "réf KX/2O24/OO73I\nIleana Păunescu",
        "Réf : KX/2024/0731 (Paunescu Ileana)",
        "Client 77 120 4431, Mme Paunescu",
        "facture FV 88120 B de Gaz de la Baie. Mme I. PAUNESCU, 35400 Saint-Malo",
        "Mme Ileana PAUNESCU\n14 bis rue des Tanneurs\n35400 SAINT-MALO\nJe conteste.",
        "Ileana Paunesco\n14, r. des Taneurs\n35400 St Malo",
    ],
    ids=["reference", "spaces", "confused", "one digit lost", "customer", "invoice", "name and address", "misspelt"],
)
def test_the_claim_is_proposed_however_it_is_named(index: ClaimIndex, text: str) -> None:
    assert proposal(index, text) == PAUNESCU.claim_ref


def test_a_reference_is_enough_when_somebody_else_writes(index: ClaimIndex) -> None:
    mentions = Mentions(sender_name="Gérard Lefloch")
    assert (
        proposal(index, "Je paie pour ma nièce, dossier KX/2024/00731. Gérard Lefloch", mentions) == PAUNESCU.claim_ref
    )


def test_the_evidence_says_what_is_on_paper_and_on_file(index: ClaimIndex) -> None:
    best = index.match(Mentions(), "dossier kx-2024-00731, Paunescu").candidates[0]
    evidence = {part.feature: part for part in best.evidence}
    assert evidence["claim_reference"].on_paper == "kx-2024-00731"
    assert evidence["claim_reference"].on_file == "KX/2024/00731"
    assert evidence["surname"].on_file == "PĂUNESCU"


def test_no_claim_at_all_is_an_answer(index: ClaimIndex) -> None:
    matches = index.match(Mentions(), "Promotion sur les fenêtres, offre valable jusqu'à dimanche !")
    assert matches.proposed is None
    assert matches.plausible == ()


def test_a_number_of_the_portfolios_shape_is_listed_even_if_unknown(index: ClaimIndex) -> None:
    assert index.match(Mentions(), "dossier KX/2024/01999 merci").references == ("KX/2024/01999",)


def test_two_claims_named_by_their_references_are_both_found(index: ClaimIndex) -> None:
    other = OTHERS[3]
    text = f"Mme Paunescu, dossiers KX/2024/00731 et {other.claim_ref} : un seul chèque."
    matches = index.match(Mentions(), text)
    assert {matches.proposed, *matches.further} == {PAUNESCU.claim_ref, other.claim_ref}
    assert set(matches.plausible) == {PAUNESCU.claim_ref, other.claim_ref}


class TestOneDebtorWithTwoClaims:
    SECOND = replace(
        PAUNESCU, claim_ref="KX/2025/04410", client_ref="31 555 9090", invoice_refs=("FV-31001-C",), balance=9_990,
        principal=9_990, creditor="Mobile Ouest",
    )  # fmt: skip
    LETTER = "Ileana Paunescu, 14 bis rue des Tanneurs, 35400 Saint-Malo"

    @pytest.fixture
    def both(self) -> ClaimIndex:
        return ClaimIndex.build((PAUNESCU, self.SECOND, *OTHERS))

    def test_her_name_alone_decides_nothing_and_both_deserve_a_hold(self, both: ClaimIndex) -> None:
        matches = both.match(Mentions(), self.LETTER)
        assert matches.proposed is None
        assert set(matches.plausible) == {PAUNESCU.claim_ref, self.SECOND.claim_ref}

    @pytest.mark.parametrize(
        ("words", "claim_ref"),
        [
            ("au sujet de la facture FV-31001-C", "KX/2025/04410"),
            ("ma dette chez Mobile Ouest, 99,90", "KX/2025/04410"),
            ("mon contrat Gaz de la Baie, 482,50", "KX/2024/00731"),
        ],
    )
    def test_a_reference_or_creditor_and_sum_decide(self, both: ClaimIndex, words: str, claim_ref: str) -> None:
        mentions = Mentions(
            (Mention(MentionKind.AMOUNT, "99,90", "9990"),)
            if "99,90" in words
            else (Mention(MentionKind.AMOUNT, "482,50", "48250"),)
            if "482,50" in words
            else ()
        )
        assert proposal(both, f"{self.LETTER}\n{words}", mentions) == claim_ref


class TestFatherAndSon:
    SON = replace(
        PAUNESCU, claim_ref="KX/2025/07001", first_name="Mihai", civility="M.", birth_date=date(1998, 1, 2), email="",
        phone="", client_ref="44 812 7306", invoice_refs=("FV-71234-A",),
    )  # fmt: skip

    def test_the_first_name_tells_them_apart(self) -> None:
        index = ClaimIndex.build((PAUNESCU, self.SON, *OTHERS))
        assert proposal(index, "Mihai Paunescu, 14 bis rue des Tanneurs 35400 Saint-Malo") == "KX/2025/07001"

    def test_another_birth_date_is_a_veto(self) -> None:
        index = ClaimIndex.build((PAUNESCU, *OTHERS))
        born = Mentions((Mention(MentionKind.BIRTH_DATE, "né le 12/12/1950", "1950-12-12"),))
        assert proposal(index, "Je suis Ileana Paunescu, 35400 Saint-Malo, née le 12/12/1950", born) is None


def test_a_mistyped_reference_that_hits_someone_else_is_not_proposed_against_the_name() -> None:
    neighbour = replace(OTHERS[0], claim_ref="KX/2024/00781", last_name="MARTIN", first_name="Paul")
    index = ClaimIndex.build((PAUNESCU, neighbour, *OTHERS))
    text = "dossier KX/2024/00781\nIleana Paunescu, 14 bis rue des Tanneurs, 35400 Saint-Malo"
    matches = index.match(Mentions(sender_name="Ileana Paunescu"), text)
    assert matches.proposed in (None, PAUNESCU.claim_ref)
    assert PAUNESCU.claim_ref in matches.plausible


class TestDeltas:
    NEW = replace(PAUNESCU, claim_ref="NEW-9", last_name="KERVELLA", first_name="Yann", email="yann@mail.example")

    @pytest.mark.parametrize("on_disk", [False, True])
    def test_an_added_claim_is_found_at_once(self, tmp_path: Path, on_disk: bool) -> None:
        index = ClaimIndex.build((PAUNESCU, *OTHERS), tmp_path / "index" if on_disk else None)
        index.update([self.NEW])
        found = index.claim("NEW-9")
        assert found is not None
        assert found.last_name == "KERVELLA"
        assert proposal(index, "Yann Kervella, 14 bis rue des Tanneurs 35400 Saint-Malo") == "NEW-9"

    def test_a_changed_claim_replaces_the_old_one(self, tmp_path: Path) -> None:
        index = ClaimIndex.build((PAUNESCU, *OTHERS), tmp_path)
        index.update([replace(PAUNESCU, balance=100)])
        found = index.claim(PAUNESCU.claim_ref)
        assert found is not None
        assert found.balance == 100
        assert len(index) == len(OTHERS) + 1
        matches = index.match(Mentions(), "KX/2024/00731 Paunescu")
        assert [candidate.claim_ref for candidate in matches.candidates].count(PAUNESCU.claim_ref) == 1

    def test_another_process_that_opened_the_folder_sees_it_too(self, tmp_path: Path) -> None:
        writer = ClaimIndex.build((PAUNESCU, *OTHERS), tmp_path)
        reader = ClaimIndex.open(tmp_path)
        writer.update([self.NEW])
        assert reader.claim("NEW-9") is not None

    def test_an_index_reopened_still_has_its_deltas(self, tmp_path: Path) -> None:
        ClaimIndex.build((PAUNESCU, *OTHERS), tmp_path).update([self.NEW])
        assert ClaimIndex.open(tmp_path).claim("NEW-9") is not None


def test_an_empty_portfolio_answers_nothing(tmp_path: Path) -> None:
    for index in (ClaimIndex.build(()), ClaimIndex.build((), tmp_path)):
        assert index.match(Mentions(), "Dossier KX/2024/00731").candidates == ()
        assert index.claim("KX/2024/00731") is None
        index.update([PAUNESCU])
        assert index.claim(PAUNESCU.claim_ref) == PAUNESCU


def test_a_claim_comes_back_as_it_went_in(tmp_path: Path) -> None:
    assert ClaimIndex.build((PAUNESCU,), tmp_path).claim(PAUNESCU.claim_ref) == PAUNESCU


def test_a_folder_without_an_index_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="build it again"):
        ClaimIndex.open(tmp_path / "nowhere")


def test_the_answer_does_not_depend_on_where_the_index_lies(tmp_path: Path) -> None:
    text = "Mme Paunescu, 14 bis rue des Tanneurs, 35400 Saint-Malo, facture FV-88120-B"
    here = ClaimIndex.build((PAUNESCU, *OTHERS)).match(Mentions(), text)
    there = ClaimIndex.build((PAUNESCU, *OTHERS), tmp_path).match(Mentions(), text)
    assert here == there


def test_a_known_payer_account_leads_to_the_claim(index: ClaimIndex) -> None:
    index.remember_payers([(fingerprint("FR76 3000 1000 0100 0000 0000 123"), PAUNESCU.claim_ref)])
    mentions = Mentions((Mention(MentionKind.IBAN, "FR76…", "FR7630001000010000000000123"),))
    best = index.match(mentions, "virement fait ce jour").candidates[0]
    assert best.claim_ref == PAUNESCU.claim_ref
    assert ("payer", "FR76…") in {(part.feature, part.on_paper) for part in best.evidence}


def test_a_claim_that_holds_our_separator_does_not_break_the_record(tmp_path: Path) -> None:
    odd = replace(PAUNESCU, address="14\x1fRUE", city="ST\udc80MALO")
    kept = ClaimIndex.build((odd,), tmp_path).claim(PAUNESCU.claim_ref)
    assert kept is not None
    assert (kept.address, kept.postcode) == ("14 RUE", "35400")


def test_news_that_is_none_is_not_written_again(tmp_path: Path) -> None:
    index = ClaimIndex.build((PAUNESCU, *OTHERS), tmp_path)
    changed = replace(PAUNESCU, balance=1)
    index.update([changed, *OTHERS[:5]])
    logs = list(tmp_path.rglob("deltas.bin"))
    size = logs[0].stat().st_size
    ClaimIndex.open(tmp_path).update([changed])
    assert logs[0].stat().st_size == size
    assert len(index) == len(OTHERS) + 1


def test_building_again_replaces_the_index_and_old_readers_go_on(tmp_path: Path) -> None:
    old = ClaimIndex.build((PAUNESCU, *OTHERS), tmp_path)
    ClaimIndex.build(OTHERS, tmp_path)
    assert old.claim(PAUNESCU.claim_ref) == PAUNESCU
    assert ClaimIndex.open(tmp_path).claim(PAUNESCU.claim_ref) is None
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "0" * 30_000, "1 " * 15_000, "Jean " * 8_000, "\u202e\x00\udc80 Ünïcödé 漢字", "A1B2" * 9_000],
    ids=["empty", "blank", "zeros", "ones", "Jeans", "odd characters", "one long token"],
)
def test_hostile_text_is_answered(index: ClaimIndex, text: str) -> None:
    assert index.match(Mentions(), text).proposed is None
