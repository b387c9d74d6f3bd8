"""Signed cookies: who is signed in, until when. Nothing in them is secret, nothing in them can be changed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

COOKIE = "mailroom-session"


@dataclass(frozen=True, slots=True)
class Session:
    """`user` is empty before signing in. Form tokens are made from `session_id`, which is new at each sign-in."""

    session_id: str
    user: str
    expires_at: float  # seconds since 1970, UTC
    seal: str = ""  # of the password it was opened with

    @property
    def signed_in(self) -> bool:
        return bool(self.user)


class Sessions:
    """Makes and checks session cookies and the form tokens that go with them."""

    def __init__(self, secret_key: str, hours: float) -> None:
        root = secret_key.encode()
        self._cookie_key = hashlib.sha256(b"cookie\0" + root).digest()
        self._form_key = hashlib.sha256(b"form\0" + root).digest()
        self.lasts = timedelta(hours=hours)

    def begin(self, now: datetime, user: str = "", seal: str = "") -> Session:
        return Session(secrets.token_urlsafe(18), user, (now + self.lasts).timestamp(), seal)

    def cookie(self, session: Session) -> str:
        body = [session.session_id, session.user, session.expires_at, session.seal]
        payload = base64.urlsafe_b64encode(json.dumps(body).encode()).decode()
        return f"{payload}.{self._sign(self._cookie_key, payload)}"

    def read(self, cookie: str | None, now: datetime) -> Session | None:
        """None where it is missing, changed or expired."""
        payload, _, signature = (cookie or "").rpartition(".")
        if not payload or not hmac.compare_digest(signature.encode(), self._sign(self._cookie_key, payload).encode()):
            return None
        try:
            session = Session(*json.loads(base64.urlsafe_b64decode(payload)))
        except (ValueError, TypeError, binascii.Error):
            return None
        return session if session.expires_at > now.timestamp() else None

    def form_token(self, session: Session) -> str:
        return self._sign(self._form_key, session.session_id)

    def form_token_fits(self, session: Session, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.form_token(session).encode())

    @staticmethod
    def _sign(key: bytes, text: str) -> str:
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
