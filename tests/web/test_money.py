"""Money on the desk: a payment nobody could place, a deposit list seen and printed, a cheque sent on, a correction."""

from __future__ import annotations

import re
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.bank import Paper, Unposted
from models.cheque import cheque_key
from pipelines.custody import note_cheques
from pipelines.payments import Place, Told, book
from tests.web.conftest import form_token
from tests.web.seed import NOW, Desk

REF = "ASV-40871"  # balance 410.00


def waiting(desk: Desk, reason: str = "no_claim") -> None:
    told = Told("VIR-1", 41_000, "transfer", None, "", "<script>x</script> merci", "AWA DIARRA")
    with desk.ledger.write() as books:
        if reason == "no_claim":
            book(books, told, Place((), (REF,)), NOW, "bank")
        else:
            books.bank.add_unposted(Unposted("VIR-1", 41_000, "transfer", NOW, reason, claim_refs=(REF,)))


def posted(browser: TestClient, path: str, **values: str) -> int:
    token = form_token(browser.get("/money").text)
    return browser.post(path, data={"form_token": token, **values}).status_code


def test_a_payment_that_waits_is_shown_with_the_claim_it_may_be_for(camille: TestClient, desk: Desk) -> None:
    waiting(desk)
    page = camille.get("/money").text
    assert "VIR-1" in page
    assert "Aucune créance sûre" in page
    assert REF in page
    assert "410,00" in page
    assert "<script>x" not in page


def test_a_person_books_it_and_it_is_gone(camille: TestClient, desk: Desk) -> None:
    waiting(desk)
    assert posted(camille, "/money/book", key="VIR-1", claim0=REF, amount0="400,00") == 422
    assert posted(camille, "/money/book", key="VIR-1", claim0=REF, amount0="quatre cents") == 422
    assert posted(camille, "/money/book", key="VIR-1", claim0="nothing", amount0="410,00") == 422
    assert posted(camille, "/money/book", key="VIR-1", claim0=REF, amount0="410,00 €") == 303
    assert posted(camille, "/money/book", key="VIR-1", claim0=REF, amount0="410,00 €") == 409
    with desk.ledger.read() as books:
        claim = books.claims.get(REF)
    assert claim is not None
    assert claim.balance == 0
    assert "Tout est imputé" in camille.get("/money").text


def test_it_is_set_aside_only_with_a_reason_and_not_by_an_auditor(
    camille: TestClient, desk: Desk, another: object
) -> None:
    waiting(desk)
    assert posted(camille, "/money/dismiss", key="VIR-1") == 422
    auditor = another("audit")  # type: ignore[operator]
    assert "/money/book" not in auditor.get("/money").text
    token = form_token(auditor.get("/money").text)
    assert auditor.post("/money/dismiss", data={"form_token": token, "key": "VIR-1", "note": "x"}).status_code == 403
    assert posted(camille, "/money/dismiss", key="VIR-1", note="remboursé") == 303


def with_paper(desk: Desk) -> tuple[str, str]:
    """The seed's cheque, its paper noted: (item, key)."""
    item_id = desk.ids["cheque"]
    with desk.ledger.write() as books:
        record = books.items.record(item_id)
        assert record is not None
        assert record.reading is not None
        note_cheques(books, record)
        return item_id, cheque_key(item_id, record.reading.cheques[0])


def decided(browser: TestClient, item_id: str, **values: str) -> int:
    page = browser.get(f"/items/{item_id}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    form = {"form_token": form_token(page), "version": version[1], "subject": "cheque", "action": "settle", **values}
    return browser.post(f"/items/{item_id}/decide", data=form).status_code


def test_a_deposit_list_is_made_seen_and_printed(camille: TestClient, desk: Desk) -> None:
    item_id, key = with_paper(desk)
    assert posted(camille, "/money/place", key=key, place="boîte 4") == 303
    assert "Courrier encore au bureau" in camille.get("/money").text
    assert decided(camille, item_id, claim="MB-2025/0417", amount="218,40") == 303
    token = form_token(camille.get("/money").text)
    made = camille.post("/money/deposits", data={"form_token": token})
    address = made.headers["location"]
    assert made.status_code == 303
    assert camille.post("/money/deposits", data={"form_token": token}).headers["location"] == address
    page = camille.get(address).text
    assert "4217733" in page
    assert "218,40" in page
    assert "042014506908" not in page
    sheet = camille.get(f"{address}/pdf")
    assert (sheet.headers["content-type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")
    assert camille.get(f"{address}/csv").text.startswith("position,cheque_number")
    assert camille.get(f"{address}/json").json()["total"] == "218.40"
    assert camille.get(f"{address}/exe").status_code == 404
    assert camille.get("/money/deposits/none").status_code == 404
    assert address.rsplit("/", 1)[1] in camille.get("/money").text


def test_a_cheque_may_be_forwarded_instead_of_deposited(camille: TestClient, desk: Desk) -> None:
    item_id, key = with_paper(desk)
    page = camille.get(f"/items/{item_id}").text
    assert "Transmettre au créancier" in page
    assert decided(camille, item_id, claim="MB-2025/0417", cheque="forward") == 303
    with desk.ledger.read() as books:
        paper = books.bank.cheque(key)
        assert books.trail.payments_of("MB-2025/0417") == []
    assert paper is not None
    assert paper.state is Paper.FORWARDED


def test_a_correction_needs_its_reason_and_tells_what_was_reversed(camille: TestClient, desk: Desk) -> None:
    item_id, _ = with_paper(desk)
    assert decided(camille, item_id, claim="MB-2025/0417", amount="218,40") == 303
    page = camille.get(f"/items/{item_id}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    form = {"form_token": form_token(page), "version": version[1], "note": "mauvais dossier"}
    assert camille.post(f"/items/{item_id}/reopen", data=form).status_code == 303
    assert "contre-passé" in camille.get(f"/items/{item_id}").text
    assert decided(camille, item_id, claim=REF, amount="218,40") == 422  # why?
    assert decided(camille, item_id, claim=REF, amount="218,40", note="c'était l'autre") == 303
    with desk.ledger.read() as books:
        assert [one.state for one in books.trail.payments_of("MB-2025/0417")] == ["reversed"]
        assert [one.amount for one in books.trail.payments_of(REF)] == [21_840]
    assert "Courrier corrigé" in camille.get("/claims/view", params={"ref": REF}).text


def booked(desk: Desk, ref: str = REF) -> None:
    with desk.ledger.write() as books:
        book(books, Told("VIR/7 é", 41_000, "transfer", None, ref), Place((ref,)), NOW, "bank")


def corrected(browser: TestClient, **values: str) -> tuple[int, str]:
    token = form_token(browser.get("/money/payments").text)
    answer = browser.post("/money/correct", data={"form_token": token, "key": "VIR/7 é", **values})
    return answer.status_code, answer.headers.get("location", "")


def test_a_transfer_on_the_wrong_claim_is_found_and_moved_by_a_person_who_says_why(
    camille: TestClient, desk: Desk, another: object
) -> None:
    booked(desk)
    assert "VIR/7 é" in camille.get("/money/payments", params={"q": "asv-408"}).text
    assert "Aucun paiement" in camille.get("/money/payments", params={"q": "nothing"}).text
    page = camille.get("/money/payment", params={"key": "VIR/7 é"}).text
    assert 'name="seen" value="bank:VIR/7 é"' in page
    assert "410,00" in page
    assert "/money/payment?key=VIR/7%20%C3%A9" in camille.get("/claims/view", params={"ref": REF}).text
    right = {"claim0": "ASV-40178", "amount0": "410,00 €", "seen": "bank:VIR/7 é"}
    assert corrected(camille, **right)[0] == 422  # why?
    assert corrected(camille, note="x", seen="bank:VIR/7 é")[0] == 422  # where to?
    assert corrected(camille, **{**right, "amount0": "400"}, note="x")[0] == 422
    auditor = another("audit")  # type: ignore[operator]
    assert "/money/correct" not in auditor.get("/money/payment", params={"key": "VIR/7 é"}).text
    assert corrected(auditor, **right, note="x")[0] == 403
    status, there = corrected(camille, **right, note="homonyme")
    assert (status, there) == (303, "/money/payment?key=VIR%2F7%20%C3%A9")
    story = camille.get(there).text
    assert "Contre-passé sur" in story
    assert "homonyme" in story
    assert corrected(camille, **right, note="x")[0] == 409  # it has changed since
    assert camille.get("/money/payment", params={"key": "unknown"}).status_code == 404
    with desk.ledger.read() as books:
        balances = [one.balance for one in books.claims.get_many([REF, "ASV-40178"]).values()]
    assert sorted(balances) == [0, 41_000]


def test_a_transfer_whose_claim_nobody_knows_yet_waits_again(camille: TestClient, desk: Desk) -> None:
    booked(desk)
    assert corrected(camille, note="pas Mme Diarra", action="wait", seen="bank:VIR/7 é") == (303, "/money")
    page = camille.get("/money").text
    assert "Imputé à tort" in page
    assert "pas Mme Diarra" in page
    assert "attend d’être imputé" in camille.get("/money/payment", params={"key": "VIR/7 é"}).text


def test_a_program_puts_a_payment_right_as_the_desk_does(
    app: FastAPI, desk: Desk, token: Callable[[str], dict[str, str]]
) -> None:
    booked(desk)
    api, auditor = (TestClient(app, headers=token(name)) for name in ("camille", "audit"))
    before = auditor.get("/api/v1/payments", params={"payment_id": "VIR/7 é"}).json()
    assert [(one["claim_ref"], one["amount"], one["state"]) for one in before["parts"]] == [(REF, "410.00", "cleared")]
    right = {
        "payment_id": "VIR/7 é",
        "parts": [{"claim_ref": "ASV-40178", "amount": "410.00"}],
        "reason": "homonyme",
        "seen": [one["part_id"] for one in before["parts"]],
    }

    def post(by: TestClient = api, **change: object) -> int:
        return by.post("/api/v1/payments/corrections", json={**right, **change}).status_code

    assert post(auditor) == 403
    assert [post(reason=""), post(payment_id="none"), post(seen=["other"])] == [422, 404, 409]
    assert post(parts=[{"claim_ref": "ASV-40178", "amount": "400.00"}]) == 422
    said = api.post("/api/v1/payments/corrections", json=right).json()
    assert [one["claim_ref"] for one in said["parts"]] == ["ASV-40178"]
    assert [one["claim_ref"] for one in said["reversed"]] == [REF]
    assert post() == 409  # it has changed since
    assert api.get("/api/v1/payments", params={"payment_id": "none"}).status_code == 404
    with desk.ledger.read() as books:
        assert {one.claim_ref: one.balance for one in books.claims.get_many([REF, "ASV-40178"]).values()} == {
            REF: 41_000,
            "ASV-40178": 0,
        }


def test_a_program_says_that_nobody_knows_yet_whose_payment_it_is(
    app: FastAPI, desk: Desk, token: Callable[[str], dict[str, str]]
) -> None:
    booked(desk)
    api = TestClient(app, headers=token("camille"))
    said = api.post("/api/v1/payments/corrections", json={"payment_id": "VIR/7 é", "reason": "pas Mme Diarra"}).json()
    assert (said["parts"], said["waits"]) == ([], True)
    again = api.post("/api/v1/payments/corrections", json={"payment_id": "VIR/7 é", "reason": "pas Mme Diarra"})
    assert (again.status_code, again.json()["detail"][:10]) == (409, "No payment")
