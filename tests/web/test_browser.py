"""A real Chromium at the desk: the keyboard alone settles an item, pages look right and can be used by everybody.

With `MAILROOM_SCREENSHOTS=1` the pictures of the README are taken anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from models.claim import Status
from models.item import Stage
from pipelines.custody import note_cheques
from pipelines.payments import Place, Told, book
from tests.web.chromium import launched, served, window
from tests.web.seed import NOW, PASSWORD, Desk
from tests.web.test_conflicts import disagree, unreadable
from web.app import create_app
from web.options import Options

pytestmark = pytest.mark.browser
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(create_app(desk.services, Options(secret_key="a-key-for-tests-only"))) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A window at the queue, signed in by typing. Errors of the page and requests to strangers fail the test."""
    strangers: list[str] = []
    errors: list[str] = []
    with window(chromium, address, strangers) as page:
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto("/queue")
        page.keyboard.type("sacha")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue")
        yield page
    assert strangers == []
    assert errors == []


def picture(page: Page, name: str, tmp_path: Path) -> None:
    """Kept for the README where that is asked for; in any case it must show something."""
    folder = PICTURES if os.environ.get("MAILROOM_SCREENSHOTS") == "1" else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    content = page.screenshot(path=folder / name)
    assert len(content) > 30_000


def test_the_queue_and_an_item_are_read_and_settled_with_the_keyboard_alone(
    page: Page, desk: Desk, tmp_path: Path
) -> None:
    expect(page.locator("tr.here a.open")).to_have_text("Bien ou service")
    picture(page, "desk-queue.png", tmp_path)
    page.keyboard.press("j")
    page.keyboard.press("k")
    for _ in range(8):
        page.keyboard.press("j")
    expect(page.locator("tr.here a.open")).to_have_text("Chèque")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/items/{desk.ids['cheque']}")
    page.wait_for_function("document.querySelector('.sheet img').naturalWidth > 0")
    page.mouse.move(5, 5)
    picture(page, "desk-item.png", tmp_path)
    expect(page.locator("input[name=claim][data-digit='1']")).to_be_checked()
    page.keyboard.press("2")
    expect(page.locator("input[name=claim][data-digit='1']")).not_to_be_checked()
    expect(page.locator("input[name=claim][data-digit='2']")).to_be_checked()
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("input[name=claim]:checked")).to_have_value("MB-2025/0417")
    page.keyboard.press("c")
    expect(page.locator("#sub-not_mine")).to_be_checked()
    page.keyboard.press("p")
    page.keyboard.press("p")
    page.keyboard.press("p")
    expect(page.locator("#sub-already_paid")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("#settle")).to_have_text("Entrée encore une fois pour régler")
    with desk.ledger.read() as books:
        item = books.items.item(desk.ids["cheque"])
    assert item is not None
    assert item.stage is Stage.REVIEW  # one Enter settles nothing
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/items/{desk.ids['distress']}")
    expect(page.locator(".notice")).to_have_text("Courrier réglé.")
    with desk.ledger.read() as books:
        record = books.items.record(desk.ids["cheque"])
        claim = books.claims.get("MB-2025/0417")
    assert record is not None
    assert claim is not None
    assert record.item.stage is Stage.SETTLED
    assert record.judgements[0].operator == "sacha"
    assert claim.status is Status.PAYMENT_CLAIMED


def test_keys_move_search_help_zoom_and_back(page: Page, desk: Desk) -> None:
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).not_to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("jk")
    expect(page.locator("#search")).to_have_value("jk")  # letters typed are letters, not commands
    page.goto(f"/items/{desk.ids['dispute']}")
    page.keyboard.press("z")
    expect(page.locator("#zoom-2")).to_be_checked()
    page.keyboard.press("m")
    expect(page.locator("#show-marks")).not_to_be_checked()
    expect(page.locator(".overlay").first).not_to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("bardot")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=claim][value='CR/991/24']")).to_be_visible()
    page.wait_for_load_state()  # the keys are listened to from then on
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    page.wait_for_url("**/queue")


def test_a_note_is_typed_over_several_lines_and_does_not_settle(page: Page, desk: Desk) -> None:
    page.goto(f"/items/{desk.ids['plan']}")
    page.locator("#note").focus()
    page.keyboard.type("une ligne")
    page.keyboard.press("Enter")
    page.keyboard.type("pn12?/")
    expect(page.locator("#note")).to_have_value("une ligne\npn12?/")
    expect(page.locator("#settle")).to_have_text("Régler")


def test_the_desk_works_without_javascript(chromium: Browser, address: str, desk: Desk) -> None:
    with window(chromium, address, [], javascript=False) as page:
        page.goto(f"/items/{desk.ids['plan']}")
        page.fill("#name", "camille")
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.fill("#claim-search", "klein")
        page.click("#do-search")
        expect(page.locator("input[name=claim][value='ASV-40178']")).to_be_visible()
        page.click("#settle")
        page.wait_for_url(f"**/items/{desk.ids['distress']}")
    with desk.ledger.read() as books:
        item = books.items.item(desk.ids["plan"])
    assert item is not None
    assert item.stage is Stage.SETTLED


def money_on(desk: Desk) -> None:
    """A payment that waits, one that is booked, a cheque in hand, two statuses in conflict, an unread file."""
    with desk.ledger.write() as books:
        book(books, Told("VIR-1", 41_000, "transfer", payer_name="AWA DIARRA"), Place((), ("ASV-40871",)), NOW, "bank")
        book(books, Told("CB-1", 6_490, "card"), Place(("MB-2024/1180",)), NOW, "bank")
        record = books.items.record(desk.ids["cheque"])
        assert record is not None
        note_cheques(books, record)
    disagree(desk)
    unreadable(desk)


def test_a_payment_on_the_wrong_claim_is_moved_with_the_keyboard_alone(page: Page, desk: Desk) -> None:
    money_on(desk)
    page.goto("/money/payments")
    expect(page.locator("tr.here a.open")).to_have_text("CB-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/money/payment?key=CB-1")
    page.locator("#claim-0").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("MB-2025/0417")
    page.locator("#note").focus()
    page.keyboard.type("mauvais dossier")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_have_text("Paiement corrigé : contre-passé là, imputé ici.")
    with desk.ledger.read() as books:
        assert [one.claim_ref for one in books.trail.payments_with_key("CB-1")] == ["MB-2025/0417"]


def test_pages_are_accessible_and_fit_a_small_screen(page: Page, desk: Desk) -> None:
    """WCAG 2 A and AA by axe-core: names, labels, language, contrast of at least 4.5."""
    page.set_viewport_size({"width": 1280, "height": 800})
    axe = Axe()
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    paths = ["/queue", f"/items/{desk.ids['cheque']}", f"/items/{desk.ids['promise']}", "/refused", "/figures"]
    money_on(desk)
    paths += ["/money", "/money/payments", "/money/payment?key=CB-1", "/claims/conflicts", "/refused?unseen=1"]
    for path in [*paths, "/claims/view?ref=EV%207731-K", f"/items/{desk.ids['plan']}/history"]:
        page.goto(path)
        found = axe.run(page, options=rules)
        trouble = [(one["id"], one["nodes"][0]["html"][:160]) for one in found.response["violations"]]
        assert trouble == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, path
