"""A desk with work on it, and people at its door."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from connectors.database import open_ledger
from connectors.memory import FrozenClock
from tests.web.seed import LEDGER, NOW, PASSWORD, Desk, fill, open_desk
from web.app import create_app
from web.context import House
from web.options import Options
from web.security.sessions import COOKIE

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Desk]:
    """Filled once: each test works on a copy."""
    folder = tmp_path_factory.mktemp("filled")
    opened = fill(open_desk(folder))
    opened.ledger.close()
    with sqlite3.connect(folder / LEDGER) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder, opened


@pytest.fixture
def desk(tmp_path: Path, filled: tuple[Path, Desk]) -> Iterator[Desk]:
    folder, first = filled
    shutil.copyfile(folder / LEDGER, tmp_path / LEDGER)
    ledger = open_ledger(f"sqlite:///{tmp_path / LEDGER}")
    clock = FrozenClock(NOW)
    yield Desk(replace(first.services, ledger=ledger, clock=clock), ledger, clock, dict(first.ids))
    ledger.close()


@pytest.fixture(scope="session")
def built(filled: tuple[Path, Desk]) -> FastAPI:
    """Routes are built once; each test puts its own house behind them."""
    return create_app(filled[1].services, Options(secret_key="a-key-for-tests-only"))


@pytest.fixture
def app(built: FastAPI, desk: Desk) -> FastAPI:
    first = built.state.house
    built.state.house = House(desk.services, first.options, first.sessions)
    return built


@pytest.fixture
def browser(app: FastAPI) -> TestClient:
    """Nobody yet: a browser that follows no redirect by itself."""
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False)


def form_token(page: str) -> str:
    found = TOKEN.search(page)
    assert found, "the page has no form token"
    return found[1]


def sign_in(browser: TestClient, name: str, password: str = PASSWORD) -> TestClient:
    token = form_token(browser.get("/sign-in").text)
    answer = browser.post("/sign-in", data={"form_token": token, "name": name, "password": password})
    assert answer.status_code == 303, answer.text
    return browser


def enter(browser: TestClient, name: str) -> TestClient:
    """Signed in without asking for the password, which is slow on purpose."""
    app = browser.app
    assert isinstance(app, FastAPI)
    house = app.state.house
    with house.read() as books:
        user = books.people.get(name)
    session = house.sessions.begin(datetime.now(UTC), name, user.seal if user else "")
    browser.cookies.set(COOKIE, house.sessions.cookie(session))
    return browser


@pytest.fixture
def camille(browser: TestClient) -> TestClient:
    """An operator, signed in."""
    return enter(browser, "camille")


@pytest.fixture
def another(app: FastAPI) -> Callable[[str], TestClient]:
    """Somebody else at another machine."""

    def arrive(name: str) -> TestClient:
        return enter(TestClient(app, follow_redirects=False, raise_server_exceptions=False), name)

    return arrive


@pytest.fixture
def token(desk: Desk) -> Callable[[str], dict[str, str]]:
    """The headers of a program that calls with this user's token."""

    def made(name: str) -> dict[str, str]:
        with desk.ledger.write() as books:
            return {"Authorization": f"Bearer {books.people.add_token(name, 'tests', NOW).text}"}

    return made
