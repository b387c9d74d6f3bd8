"""Telling the collection system: webhooks out of the outbox, signed, in order per claim, until they arrive.

Delivered at least once: the lease and the attempt are committed before the call, so whoever dies in between only
causes a second call with the same `webhook-id`.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import socket
import time
from base64 import b64encode
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from standardwebhooks import Webhook as Signer

from connectors.database import DatabaseLedger
from connectors.database.outbox import Attempt, DueDelivery
from connectors.database.webhooks import Webhook
from connectors.public_addresses import Allowed, VettedTransport, check_url
from models.errors import ConfigurationError
from models.event import Delivery, Event

# Seconds before each attempt (Standard Webhooks 1.0, "Retry schedule"): about 76 hours in all.
PAUSES = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.1
RETRIED_REFUSALS = frozenset({408, 409, 425, 429})
GONE = 410
LARGEST_BODY = 20_000  # bytes, as the specification says
KEPT_ANSWER = 2_000
TIMEOUT = httpx.Timeout(15.0, connect=5.0)
CALL_SECONDS = 15.0
THREADS = 8
BATCH = 32
LEASE_SECONDS = 4 * (CALL_SECONDS * BATCH / THREADS)  # four times what the slowest batch takes


def new_webhook(ledger: DatabaseLedger, url: str, by: str, at: datetime, allow: str = "") -> tuple[Webhook, str]:
    """The webhook and its secret, which is shown this once. Raises ConfigurationError for an address we do not call."""
    check_url(url, Allowed.parse(allow))
    secret = "whsec_" + b64encode(secrets.token_bytes(32)).decode()
    with ledger.write() as books:
        return books.webhooks.add(url, secret, by, at), secret


def deliver_due(
    ledger: DatabaseLedger, now: datetime, *, allow: str = "", seconds: float = 300, worker: str = ""
) -> Counter[str]:
    """Call every webhook for which something is due at `now`; stop after `seconds`, the rest stays due.

    Counts "delivered", "postponed" (it will be tried again), "dead" and "disabled" webhooks. A webhook that gives
    no answer at all is left alone for the rest of this run, so that the others do not wait for its time-outs.
    """
    worker = worker or f"{socket.gethostname()}:{os.getpid()}"
    allowed, figures, end = Allowed.parse(allow), Counter[str](), time.monotonic() + seconds
    with ExitStack() as opened:
        threads = opened.enter_context(ThreadPoolExecutor(THREADS, "webhook"))
        clients: dict[str, httpx.Client] = {}  # one each: connections are never shared between two names
        silent: set[str] = set()
        while time.monotonic() < end:
            with ledger.write() as books:
                batch = books.outbox.lease_deliveries(BATCH, worker, LEASE_SECONDS, now, silent)
            if not batch:
                break
            for due in batch:
                if due.endpoint_id not in clients:
                    clients[due.endpoint_id] = opened.enter_context(_client(allowed))
            calls = {threads.submit(call, clients[due.endpoint_id], due): due for due in batch}
            for done in as_completed(calls):
                attempt, retry_after = done.result()
                figures.update(_conclude(ledger, calls[done], attempt, now, retry_after))
                if attempt.http_status is None:
                    silent.add(calls[done].endpoint_id)
    return figures


def replay(ledger: DatabaseLedger, event_id: str) -> int:
    """Queue this event again for every open webhook; how many that are. Raises KeyError for an unknown event."""
    with ledger.write() as books:
        return books.outbox.replay(event_id)


def body_of(event: Event) -> str:
    """`{"type", "timestamp", "sequence", "data"}`. What would be too large is left to `GET /events`."""
    body = {
        "type": event.type,
        "timestamp": event.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "sequence": event.sequence,
        "data": event.data,
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) < LARGEST_BODY:
        return text
    kept = {"claim_ref": event.claim_ref, "event_id": event.event_id, "too_large": True}
    return json.dumps({**body, "data": kept}, ensure_ascii=False, separators=(",", ":"))


def _client(allowed: Allowed) -> httpx.Client:
    return httpx.Client(transport=VettedTransport(allowed), timeout=TIMEOUT, follow_redirects=False, trust_env=False)


def call(client: httpx.Client, due: DueDelivery) -> tuple[Attempt, str]:
    """One signed POST; what came of it, and the `Retry-After` header. Raises nothing that a receiver could cause."""
    body, at, begun = body_of(due.event), datetime.now(UTC), time.monotonic()
    headers = {
        "content-type": "application/json",
        "user-agent": "mailroom-webhooks/1",
        "webhook-id": due.event.event_id,
        "webhook-timestamp": str(int(at.timestamp())),  # of this attempt, on the real clock: receivers compare it
        "webhook-signature": Signer(due.secret).sign(due.event.event_id, at, body),
    }
    status: int | None = None
    retry_after = ""
    try:
        with client.stream("POST", due.url, content=body.encode(), headers=headers) as response:
            status, retry_after = response.status_code, response.headers.get("retry-after", "")
            answer = _beginning_of(response, begun + CALL_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ConfigurationError, UnicodeError) as error:
        answer = f"{type(error).__name__}: {error}"
    return Attempt(at, time.monotonic() - begun, status, answer), retry_after


def _beginning_of(response: httpx.Response, deadline: float) -> str:
    """Enough of the answer to see what went wrong; one that trickles in is cut off."""
    kept = b""
    for chunk in response.iter_bytes(KEPT_ANSWER):
        kept += chunk
        if len(kept) >= KEPT_ANSWER or time.monotonic() > deadline:
            break
    return kept[:KEPT_ANSWER].decode("utf-8", "replace").replace("\x00", "")


def _conclude(ledger: DatabaseLedger, due: DueDelivery, attempt: Attempt, now: datetime, retry_after: str) -> list[str]:
    status = attempt.http_status
    state, next_at = Delivery.DELIVERED, None
    if status is None or not 200 <= status < 300:
        next_at = next_attempt_at(due.attempt, status, now, retry_after)
        state = Delivery.PENDING if next_at else Delivery.DEAD
    with ledger.write() as books:
        books.outbox.record_attempt(due, attempt, state, next_at)
        if status == GONE:
            books.webhooks.disable(due.endpoint_id, now, "the receiver answered 410 Gone")
    name = "postponed" if state is Delivery.PENDING else state.value
    return [name, "disabled"] if status == GONE else [name]


def next_attempt_at(attempt: int, status: int | None, now: datetime, retry_after: str = "") -> datetime | None:
    """When to try again after this attempt failed; None where that would not help or was tried often enough."""
    refused = status is not None and 400 <= status < 500 and status not in RETRIED_REFUSALS
    if refused or attempt >= len(PAUSES):
        return None
    pause = PAUSES[attempt] * random.uniform(1 - JITTER, 1 + JITTER)
    asked = min(_seconds_asked(retry_after), PAUSES[-1])
    return now + timedelta(seconds=max(pause, asked))


def _seconds_asked(retry_after: str) -> float:
    """`Retry-After` in either of its forms; 0 where there is none or it cannot be read."""
    if retry_after.strip().isdigit():
        return float(retry_after[:9])
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
