"""Names in the object store: what a key may look like, and the key of content named by its hash."""

from __future__ import annotations

import re

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9._-]*)*")


def check_key(key: str) -> str:
    """The key itself. Raises ValueError for one that could leave its folder or that some store would not take."""
    if len(key) > 250 or not _KEY.fullmatch(key):
        raise ValueError(f"not a key of the object store: {key[:80]!r}")
    return key


def key_of(sha256: str) -> str:
    """`sha256/ab/cd/<sha256>`."""
    return check_key(f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}")
