"""Headers of an e-mail, however broken: who wrote, when, and whether a machine did."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from models.reading import EmailHeaders
from pipelines.opening.charsets import decoded

_MACHINES = re.compile(r"^(?:mailer-daemon|postmaster|bounces?)(?:[+-].*)?@", re.IGNORECASE)
_MACHINE_SUBJECT = re.compile(
    r"^\s*(?:r[ée]ponse automatique|message d['’]absence|absen(?:t|te|ce) du bureau|auto(?:matic)? ?(?:reply|response)"
    r"|out of (?:the )?office|undeliver(?:able|ed)|delivery status notification|mail delivery (?:failed|subsystem)"
    r"|non remis|[ée]chec de (?:la )?(?:remise|livraison)|returned mail|failure notice|abwesenheitsnotiz"
    r"|(?:lu|read|non lu|not read) ?:)",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"[^\s<>\"(),;:@]+@[^\s<>\"(),;:@]+")
SET_ASIDE = "X-Mailroom-Set-Aside"  # before the head of a message that stayed in the mailbox, with the reason
_LONGEST = 4000  # characters of one header kept


def headers_of(message: Message[Any, Any]) -> EmailHeaders:
    name, address = _sender(message)
    return EmailHeaders(
        sender_name=name,
        sender_address=address,
        to=tuple(_addresses(message, "To") + _addresses(message, "Cc")),
        subject=header(message, "Subject"),
        sent_at=_sent_at(message),
        message_id=header(message, "Message-ID"),
        in_reply_to=header(message, "In-Reply-To") or header(message, "References").split(" ")[-1],
        automatic=_is_automatic(message, address),
        authentication=_authentication(message),
    )


def header(message: Message[Any, Any], name: str) -> str:
    """The first header of that name, decoded, on one line; empty where there is none. Never raises."""
    values = _raw(message, name)
    return _one_line(_decoded(values[0])) if values else ""


def _raw(message: Message[Any, Any], name: str) -> list[str]:
    """As received: the standard library's parsed headers raise on some broken ones, these do not."""
    return [str(value)[:_LONGEST] for key, value in message.raw_items() if key.lower() == name.lower()]


def _decoded(value: str) -> str:
    if any("\udc80" <= character <= "\udcff" for character in value):  # raw 8-bit bytes in a header
        value = decoded(value.encode("utf-8", "surrogateescape"))
    try:
        pieces = decode_header(re.sub(r"[\r\n]+(?=[ \t])", "", value))
    except (ValueError, LookupError, IndexError):
        return value
    return "".join(decoded(piece, charset) if isinstance(piece, bytes) else piece for piece, charset in pieces)


def _one_line(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text)
    return re.sub(r"\s+", " ", shown).strip()


def _sender(message: Message[Any, Any]) -> tuple[str, str]:
    for name in ("From", "Reply-To", "Sender", "Return-Path"):
        for value in _raw(message, name):
            found = split_mailbox(value)
            if found[1]:
                return found
    return (header(message, "From"), "")


def split_mailbox(value: str) -> tuple[str, str]:
    """Name and address, also where a name carries its own quotes, commas or address."""
    folded = re.sub(r"[\r\n]+[ \t]*", " ", value)
    angle = re.search(r"<\s*([^<>\s]+@[^<>\s]+)\s*>\s*$", folded.strip())
    if angle:
        return _one_line(_decoded(folded[: folded.rindex("<")])).strip("\"' "), angle[1].lower()
    for name, address in getaddresses([_decoded(folded)]):
        if "@" in address:
            return _one_line(name).strip("\"' "), address.lower()
    bare = _MAILBOX.search(folded)
    return ("", bare[0].lower()) if bare else ("", "")


def _addresses(message: Message[Any, Any], name: str) -> list[str]:
    joined = ", ".join(_raw(message, name))[:_LONGEST]
    return [found.lower() for found in _MAILBOX.findall(joined)][:50]


def _sent_at(message: Message[Any, Any]) -> datetime | None:
    for value in _raw(message, "Date"):
        try:
            moment = parsedate_to_datetime(_one_line(value))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (TypeError, ValueError, IndexError, OverflowError):
            continue
    return None


def is_report(message: Message[Any, Any]) -> bool:
    return message.get_content_type() == "multipart/report"


def _is_automatic(message: Message[Any, Any], sender: str) -> bool:
    """Automatic reply, bounce or receipt (RFC 3834, RFC 3464, and what older programs write)."""
    submitted = header(message, "Auto-Submitted").lower()
    return (
        (submitted != "" and not submitted.startswith("no"))
        or any(
            _raw(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Failed-Recipients")
        )
        or header(message, "Precedence").lower() in ("auto_reply", "auto-reply")
        or header(message, "Return-Path").replace(" ", "") == "<>"
        or bool(_MACHINES.match(sender))
        or is_report(message)
        or bool(_MACHINE_SUBJECT.match(header(message, "Subject")))
    )


def _authentication(message: Message[Any, Any]) -> str:
    """What the receiving server found, as written: only the topmost, since a sender can forge those below."""
    results = _raw(message, "Authentication-Results")[:1] + _raw(message, "Received-SPF")[:1]
    return " | ".join(_one_line(result) for result in results)
