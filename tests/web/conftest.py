"""A desk with work on it, and people at its door."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.web.seed import NOW, PASSWORD, Desk, fill, open_desk
from web.app import create_app
from web.options import Options

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = fill(open_desk(tmp_path))
    yield opened
    opened.ledger.close()


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return create_app(desk.services, Options(secret_key="a-key-for-tests-only"))


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


@pytest.fixture
def camille(browser: TestClient) -> TestClient:
    """An operator, signed in."""
    return sign_in(browser, "camille")


@pytest.fixture
def another(app: FastAPI) -> Callable[[str], TestClient]:
    """Somebody else at another machine."""

    def arrive(name: str) -> TestClient:
        return sign_in(TestClient(app, follow_redirects=False, raise_server_exceptions=False), name)

    return arrive


@pytest.fixture
def token(desk: Desk) -> Callable[[str], dict[str, str]]:
    """The headers of a program that calls with this user's token."""

    def made(name: str) -> dict[str, str]:
        with desk.ledger.write() as books:
            return {"Authorization": f"Bearer {books.people.add_token(name, 'tests', NOW).text}"}

    return made
