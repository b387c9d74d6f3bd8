"""Bytes of a text whose charset may be misnamed, unknown or missing."""

from __future__ import annotations

import codecs
import re

# Charsets that mail programs name when they mean Windows' Latin-1 (the web does the same, WHATWG encoding).
_MEANS_WINDOWS = frozenset({"ascii", "us-ascii", "iso8859-1", "latin-1", "iso-8859-1", "latin1"})
_NOT_CHARSETS = frozenset({"unicode_escape", "raw_unicode_escape", "idna", "punycode"})
_MOJIBAKE = re.compile("Ã[\x80-\xbf©¨ªàâ®´»¯§«]|â€[™œ\x9d“”¦]|Â[\xa0°«»]")


def decoded(content: bytes, charset: str | None = None) -> str:
    """The text. UTF-8 wins wherever it fits, since other bytes hardly ever form it by chance. Never raises."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(name, "replace")
    named = _known(charset)
    stateful = named is not None and named.startswith(("iso2022", "utf-7", "utf-16", "utf-32", "hz"))
    for candidate in (*([named] if stateful else []), "utf-8", named, "cp1252"):
        if candidate is None:
            continue
        try:
            return unscrambled(content.decode(candidate))
        except (UnicodeError, ValueError):
            continue
    return unscrambled(content.decode("cp1252", "replace"))


def _known(charset: str | None) -> str | None:
    try:
        name = codecs.lookup((charset or "").strip("\"' ")).name
    except (LookupError, ValueError, UnicodeError):
        return None
    if name in _MEANS_WINDOWS:
        return "cp1252"
    return name if _gives_text(name) else None


def _gives_text(name: str) -> bool:
    """False for codecs such as `hex` and `zip`, which a header may name but which are not charsets."""
    try:
        return isinstance(b"aaaa".decode(name, "replace"), str) and name not in _NOT_CHARSETS
    except (LookupError, ValueError, TypeError):
        return False


def unscrambled(text: str) -> str:
    """UTF-8 that was once taken for Windows-1252 ("rÃ©fÃ©rence") put right, where that clearly happened."""
    if len(_MOJIBAKE.findall(text[:20_000])) < 2:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
