"""A real Chromium at the desk of a real server on loopback. Nothing outside the machine is asked for."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Route, sync_playwright

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--lang=fr-FR",
]
WAIT = 30_000  # milliseconds: the machine may be busy


def chromium() -> str:
    """Its path. Skips where there is none, fails where `CI` is set."""
    for name in ("/usr/bin/chromium", shutil.which("chromium"), shutil.which("google-chrome")):
        if name and Path(name).exists():
            return name
    message = "no Chromium: the desk's browser tests did not run (apt-get install chromium)"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of the application, served by a thread of this process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def launched() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(browser: Browser, address: str, strangers: list[str], javascript: bool = True) -> Iterator[Page]:
    """A fresh window of 1440 by 900. Requests that leave this machine are stopped and noted in `strangers`."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, base_url=address, java_script_enabled=javascript, locale="fr-FR"
    )
    context.set_default_timeout(WAIT)

    def only_here(route: Route) -> None:
        if route.request.url.startswith((address, "data:")):
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    page = context.new_page()
    try:
        yield page
    finally:
        context.close()
