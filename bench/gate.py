"""May I remind? A night's list of 100,000 questions in one call, and one question after another, over HTTP.

    python -m bench.gate [--claims N] [--questions N]

A server of its own on a free port of this machine, on a ledger of its own in a passing folder: claims two a
debtor, a fifth of them held. The answers are checked before anything is timed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import uvicorn

from connectors.building import Building
from connectors.database.people import Role
from models.claim import Claim
from models.hold import Hold, HoldKind, HoldTerms, Scope
from settings import read_settings
from web.app import create_app
from web.options import Options

RESULTS = Path(__file__).resolve().parent / "results" / "gate.txt"
HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Served:
    """A running desk: where it listens, a token for it, its ledger's building."""

    port: int
    token: str
    inside: Building

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, line: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None) -> bytes:
        line.request(method, path, body, {**HEADERS, "Authorization": f"Bearer {self.token}"})
        answer = line.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content


def fill(inside: Building, claims: int) -> str:
    """Claims two a debtor, every tenth with a hold for its debtor, and an account; the text of its token."""
    now = datetime.now(UTC) - timedelta(hours=1)
    with inside.ledger.write() as books:
        books.claims.upsert(_claim(number) for number in range(claims))
        for number in range(0, claims, 10):
            terms = HoldTerms(
                Scope.DEBTOR, HoldKind.HOLD, "dispute", "disputes", review_on=now.date() + timedelta(days=30)
            )
            books.holds.place(Hold(f"h{number}", _ref(number), f"d{number // 2}", None, terms, now))
        books.people.add("bench", "a-long-password", Role.OPERATOR, now)
        return books.people.add_token("bench", "bench", now).text


def _ref(number: int) -> str:
    return f"K{number % 97:02d}-{number:07d}"


def _claim(number: int) -> Claim:
    return Claim(
        _ref(number),
        "Eau du Bocage",
        balance=10_000 + number % 90_000,
        last_name=f"NOM{number % 4_000}",
        first_name="Camille",
        address=f"{number % 200} RUE DES IFS",
        postcode=f"{number % 95_000:05d}",
        city="VILLE",
        debtor_ref=f"d{number // 2}",
    )


@contextmanager
def served(claims: int) -> Iterator[Served]:
    # Named TCP, as the server's own sockets are: asyncio sends without delay only where the protocol says so.
    tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    with tempfile.TemporaryDirectory() as folder, tcp as door:
        door.bind(("127.0.0.1", 0))
        inside = Building(read_settings(data=Path(folder)))
        token = fill(inside, claims)
        config = uvicorn.Config(create_app(inside.services, Options()), log_level="warning")
        server = uvicorn.Server(config)
        listening = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        listening.start()
        while not server.started:
            time.sleep(0.02)
        try:
            yield Served(door.getsockname()[1], token, inside)
        finally:
            server.should_exit = True
            listening.join(timeout=10)
            inside.close()


def bulk(house: Served, questions: int, times: int) -> list[tuple[float, float]]:
    """(wall, CPU) seconds of each call, from the first byte sent to the last byte of the answers."""
    body = json.dumps([{"claim_ref": _ref(number), "channel": "letter"} for number in range(questions)]).encode()
    line, found = house.connect(), []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        content = house.ask(line, "POST", "/api/v1/may-remind", body)
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
        check(json.loads(content), questions)
    return found


def check(answers: list[dict[str, Any]], questions: int) -> None:
    """Raises AssertionError where an answer is missing, out of place or simply wrong."""
    assert [one["claim_ref"] for one in answers] == [_ref(number) for number in range(questions)]
    wrong = [one for number, one in enumerate(answers) if one["allowed"] is not (number % 10 > 1)]
    assert not wrong, wrong[:3]


def single(house: Served, questions: int) -> tuple[list[float], float]:
    """Seconds of each of these questions, one after the other on one connection, a fifth of them held; CPU seconds
    of one, the asking included."""
    line, found = house.connect(), []
    cpu = time.process_time()
    for number in range(questions):
        path = f"/api/v1/may-remind?claim_ref={_ref(number * 7 % 10_000)}&channel=letter"
        begun = time.perf_counter()
        house.ask(line, "GET", path)
        found.append(time.perf_counter() - begun)
    return found, (time.process_time() - cpu) / questions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=1_000, help="single ones")
    given = parser.parse_args()
    with served(given.claims) as house:
        lists = bulk(house, given.claims, 4)[1:]
        single(house, 100)
        seconds, each = single(house, given.questions)
    ones = sorted(seconds)
    wall, cpu = sorted(lists)[len(lists) // 2]
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    text = [
        f"{given.claims} claims, a fifth of them held; {load}",
        f"one call, {given.claims} questions    {wall:.2f} s ({cpu:.2f} s CPU)   wanted: 3 s",
        f"one question, median         {median(ones) * 1000:.1f} ms ({each * 1000:.1f} ms CPU)   wanted: 5 ms",
        f"one question, 95th of 100    {ones[int(len(ones) * 0.95)] * 1000:.1f} ms",
    ]
    RESULTS.write_text("\n".join(text) + "\n", "utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
