"""What the web alone wants to know about its surroundings."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from connectors.wiring import secret_key
from settings import Settings

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Options:
    """`secret_key` signs cookies and form tokens: the same for every web process, else sessions end at each start."""

    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(SECRET_BYTES))
    language: str = "fr"
    session_hours: float = 10.0
    upload_bytes: int = 100 * 1024 * 1024
    body_bytes: int = 64 * 1024 * 1024  # JSON: a nightly list of 100,000 questions is about 10 MB
    form_bytes: int = 256 * 1024
    webhook_allow: str = ""  # hosts or networks webhooks may reach besides the public
    hsts: bool = False  # only behind TLS


def options_from(settings: Settings) -> Options:
    """The signing key is made and kept in the data folder where no setting names one."""
    return Options(secret_key=secret_key(settings), language=settings.language, webhook_allow=settings.webhook_allow)
