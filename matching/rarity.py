"""How often a name, a town, a sum occurs in the portfolio: what is rare proves more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matching.keys import Block, block_key
from matching.phonetic import sound
from matching.portfolio import Portfolio
from matching.profile import Profile


class PortfolioRarity:
    """Counts of one item's candidates, fetched together: single look-ups in mapped arrays are what costs."""

    def __init__(self, portfolio: Portfolio, profiles: Iterable[Profile]) -> None:
        self.total = portfolio.total
        self._tally = portfolio.tally
        keys = list({key for profile in profiles for key in _keys(profile)})
        self._counts = dict(zip(keys, portfolio.count(keys), strict=True))

    def surname(self, parts: Sequence[str]) -> int:
        """Of the rarest of its parts."""
        return min((self._counts.get(_surname(part), 0) for part in parts), default=0)

    def first_name(self, name: str) -> int:
        return self._tally.first_names.get(name, 0)

    def postcode(self, postcode: str) -> int:
        return self._tally.postcodes.get(postcode, 0)

    def town(self, town: str) -> int:
        return self._tally.towns.get(town, 0)

    def amount(self, amount: int) -> int:
        return self._counts.get(block_key(Block.AMOUNT, str(amount)), 0)

    def company(self, parts: Sequence[str]) -> int:
        return self._counts.get(block_key(Block.COMPANY, " ".join(sorted(parts))), 0)

    def email(self, email: str) -> int:
        return self._counts.get(block_key(Block.EMAIL, email), 0)

    def phone(self, phone: str) -> int:
        return self._counts.get(block_key(Block.PHONE, phone), 0)

    def street(self, number: str, word: str) -> int:
        return self._counts.get(block_key(Block.STREET, f"{number} {sound(word)}"), 0)


def _surname(part: str) -> int:
    return block_key(Block.SURNAME, sound(part))


def _keys(profile: Profile) -> list[int]:
    keys = [_surname(part) for parts in profile.surnames for part in parts]
    keys.extend(block_key(Block.AMOUNT, str(amount)) for amount in (profile.claim.balance, profile.claim.principal))
    if profile.street:
        keys.append(block_key(Block.STREET, f"{profile.street_number} {sound(profile.street[-1])}"))
    if profile.company:
        keys.append(block_key(Block.COMPANY, " ".join(sorted(profile.company))))
    if profile.email:
        keys.append(block_key(Block.EMAIL, profile.email))
    if profile.phone:
        keys.append(block_key(Block.PHONE, profile.phone))
    return keys
