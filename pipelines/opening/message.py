"""An e-mail as written by any program: headers, the body a reader sees, everything enclosed."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from typing import Any, TypeAlias

from models.errors import DocumentRefused
from ocr.documents import FileKind, sniff
from pipelines.opening.charsets import decoded
from pipelines.opening.headers import SET_ASIDE, header, headers_of, is_report
from pipelines.opening.html import text_of_html
from pipelines.opening.parcel import Budget, Enclosure, Opened, clean_name, joined

_SILENT = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_THIN = 0.4  # a plain alternative with less of the HTML's text than this says only "see the HTML"
_LETTERS = re.compile(r"\w")

AnyMessage: TypeAlias = "Message[Any, Any]"


def open_message(content: bytes, budget: Budget, depth: int) -> Opened:
    """Body first, then what was enclosed, nested messages laid open in their place.

    Raises DocumentRefused: truncated, too_deep, bomb, set_aside.
    """
    try:
        message = email.message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        if depth == 0 and (why := header(message, SET_ASIDE)):
            raise DocumentRefused("set_aside", why)
        leaves = list(_leaves(message, budget))
        return _laid_open(message, leaves, budget, depth)
    except RecursionError as error:
        raise DocumentRefused("too_deep", "parts inside parts") from error


def _leaves(message: AnyMessage, budget: Budget) -> Iterator[tuple[AnyMessage, tuple[str, ...]]]:
    """Every part that is not a container, with the containers it lies in; without recursion."""
    waiting: list[tuple[AnyMessage, tuple[str, ...]]] = [(message, ())]
    while waiting:
        part, inside = waiting.pop()
        kind = part.get_content_type()
        children = part.get_payload() if part.is_multipart() else None
        if isinstance(children, list) and not kind.startswith("message/"):
            if len(inside) > 50:
                raise DocumentRefused("too_deep", "parts inside parts")
            waiting += [(child, (*inside, kind)) for child in reversed(children) if isinstance(child, Message)]
        else:
            budget.take(0)
            yield part, inside


def _laid_open(
    message: AnyMessage, leaves: list[tuple[AnyMessage, tuple[str, ...]]], budget: Budget, depth: int
) -> Opened:
    plain: list[str] = []
    html: list[str] = []
    enclosures: list[Enclosure] = []
    returned: list[str] = []
    for part, inside in leaves:
        kind = part.get_content_type()
        if kind.startswith("message/"):
            nested = _nested(part, budget, depth)
            if is_report(message):
                returned.append(nested[0].text if nested else "")
            else:
                enclosures += nested
        elif kind in ("text/plain", "text/html") and not _is_enclosed(part):
            text = decoded(_payload(part, budget), _charset(part))
            if kind == "text/html":
                (html if _is_alternative(inside) or not plain else plain).append(text_of_html(text))
            else:
                plain.append(_plain_lines(text, part))
        elif kind in _SILENT:
            budget.unread(clean_name(_file_name(part), "signature"), "electronic signature")
        else:
            enclosures += _enclosed(part, budget, depth)
    body = _body(joined(plain), joined(html))
    return Opened(body, headers_of(message), tuple(enclosures), joined(returned), ())


def _is_alternative(inside: tuple[str, ...]) -> bool:
    return "multipart/alternative" in inside


def _body(plain: str, html: str) -> str:
    """The plain text, unless it is only a stub of the HTML."""
    if not html:
        return plain
    if len(_LETTERS.findall(plain)) < _THIN * len(_LETTERS.findall(html)):
        return html
    return plain


def _plain_lines(text: str, part: AnyMessage) -> str:
    """`format=flowed` lines joined again (RFC 3676)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    lines: list[str] = []
    open_line = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        shown = line if quoted else line.removeprefix(" ")
        if open_line and not quoted and lines and not lines[-1].startswith(">"):
            lines[-1] += shown
        else:
            lines.append(shown)
        open_line = shown.endswith(" ") and shown != "-- "
    return "\n".join(lines)


def _payload(part: AnyMessage, budget: Budget) -> bytes:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return b""
    budget.take(len(content))
    return content


def _charset(part: AnyMessage) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, ValueError, UnicodeError):
        return None


def _is_enclosed(part: AnyMessage) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment") or bool(_file_name(part))


def _file_name(part: AnyMessage) -> str | None:
    try:
        return part.get_filename()
    except (LookupError, ValueError, TypeError, AttributeError):  # the standard library on broken parameters
        return None


def _nested(part: AnyMessage, budget: Budget, depth: int) -> list[Enclosure]:
    """A message inside the message: its text with its few headers, then its own enclosures."""
    inner = part.get_payload()
    inner = inner[0] if isinstance(inner, list) and inner else inner
    if part.get_content_type() == "message/delivery-status" or not isinstance(inner, Message):
        return []
    deeper = budget.deeper(depth)
    opened = _laid_open(inner, list(_leaves(inner, budget)), budget, deeper)
    return nested_message(opened, clean_name(_file_name(part) or header(inner, "Subject"), "message.eml"))


def nested_message(opened: Opened, name: str) -> list[Enclosure]:
    head = opened.email
    lines = [opened.text]
    if head is not None:
        lines = [f"De : {head.sender_name} <{head.sender_address}>", f"Objet : {head.subject}", "", opened.text]
    return [Enclosure(name, FileKind.EMAIL, text="\n".join(lines)), *opened.enclosures]


def _enclosed(part: AnyMessage, budget: Budget, depth: int) -> list[Enclosure]:
    from pipelines.opening.enclosed import open_enclosed

    content = _payload(part, budget)
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    inline = disposition.startswith("inline") or bool(part.get("Content-ID"))
    name = clean_name(_file_name(part), _default_name(part, content))
    return open_enclosed(name, content, budget, depth, in_layout=inline and not disposition.startswith("attachment"))


def _default_name(part: AnyMessage, content: bytes) -> str:
    kind = sniff(content)
    return f"sans-nom.{part.get_content_subtype() if kind is FileKind.UNKNOWN else kind.value}"
