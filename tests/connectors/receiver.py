"""A small collection system for the tests: verifies signatures, remembers ids, and fails as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Receiver:
    """`answers` are used up one a call, then 204. An answer is a status, or "timeout", or a (status, headers) pair."""

    url: str
    secret: str = ""
    answers: list[Any] = field(default_factory=list)
    answers_to: dict[str, list[Any]] = field(default_factory=dict)  # by webhook-id, before `answers`
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # (webhook-id, body), every call
    effects: dict[str, dict[str, Any]] = field(default_factory=dict)  # accepted, once per webhook-id
    forged: int = 0

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        try:
            Webhook(self.secret).verify(body, headers)
        except Exception:
            self.forged += 1
            return 401, {}
        told = json.loads(body)
        self.calls.append((headers["webhook-id"], told))
        waiting = self.answers_to.get(headers["webhook-id"]) or self.answers
        answer = waiting.pop(0) if waiting else 204
        if answer == "slow":
            time.sleep(1.0)
            answer = 204
        status, extra = answer if isinstance(answer, tuple) else (answer, {})
        if status < 300:
            self.effects.setdefault(headers["webhook-id"], told)
        return status, extra


@contextmanager
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, extra = collection_system.take({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collection_system = Receiver(f"http://127.0.0.1:{server.server_port}/events")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield collection_system
    finally:
        server.shutdown()
        server.server_close()
