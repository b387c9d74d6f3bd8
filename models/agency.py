"""Who we are: names accepted on cheques, our own address, our mail domains. Comes from a file, never from code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    name: str = ""
    also_written: tuple[str, ...] = ()
    address: tuple[str, ...] = ()  # lines below the name
    email_domains: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.name, *self.also_written) if name)
