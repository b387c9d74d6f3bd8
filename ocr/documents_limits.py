"""How much of a machine one file may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file. What goes beyond is refused with the code that names the bound."""

    file_bytes: int = 60 * 1024 * 1024  # too_large
    pages: int = 2000  # too_many_pages
    pixels: int = 80_000_000  # of one page: too_many_pixels
    seconds_per_page: float = 60.0  # of CPU: too_slow
    nesting: int = 5  # messages and archives inside one another: too_deep
    unpacked_bytes: int = 200 * 1024 * 1024  # everything unpacked from one file: bomb
    members: int = 500  # parts of one message or archive: bomb
    memory_bytes: int = 3 * 1024 * 1024 * 1024  # of one reading process: killed_worker


DEFAULT_LIMITS = Limits()
