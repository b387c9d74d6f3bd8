"""Where we may call out to: public addresses over https, and what an administrator allowed besides.

A webhook address is typed in by a person and resolved by a name server; neither may lead us into our own network.
So a name is resolved once, every address it has is checked, and the connection goes to the address checked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from functools import cache

import httpx

from models.errors import ConfigurationError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(ConfigurationError):
    """This address is inside some network, or not to be called in clear."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts by name and networks by CIDR that may be called although they are not public, also by http."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Allowed:
        """From "collect.internal, 10.1.0.0/16". Raises ConfigurationError for a network that is none."""
        hosts, networks = set(), []
        for part in (part.strip().lower() for part in text.split(",")):
            try:
                networks.append(ipaddress.ip_network(part, strict=False))
            except ValueError:
                if "/" in part:
                    raise ConfigurationError(f"{part!r} is no network", "write 10.1.0.0/16 or a host's name") from None
                hosts.add(part)
        return cls(frozenset(hosts - {""}), tuple(networks))

    def includes(self, host: str, address: Address) -> bool:
        return host.lower() in self.hosts or any(address in network for network in self.networks)


def vetted_address(host: str, port: int, allowed: Allowed, *, clear: bool) -> str:
    """The address to connect to. Raises AddressRefused, or OSError where the name cannot be resolved.

    One bad address among several is enough to refuse: the next lookup might return that one.
    `clear` is true for http, which only an allowed address may be called by.
    """
    found = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for text in found:
        address = ipaddress.ip_address(str(text).partition("%")[0])
        if allowed.includes(host, _inner(address)):
            continue
        if clear:
            raise AddressRefused(f"{host} may be called by https only", "or allow it in MAILROOM_WEBHOOK_ALLOW")
        if not _is_public(address):
            raise AddressRefused(f"{host} is not a public address", "or allow it in MAILROOM_WEBHOOK_ALLOW")
    return str(found[0])


def check_url(url: str, allowed: Allowed) -> None:
    """Raises AddressRefused or ConfigurationError with what to do; used when an address is first given."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ConfigurationError(f"the address cannot be read: {error}") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ConfigurationError("a webhook needs an address like https://host/path")
    if parsed.userinfo:
        raise ConfigurationError("a webhook's address carries no user or password", "the signature proves who calls")
    try:
        vetted_address(parsed.host, _port(parsed), allowed, clear=parsed.scheme == "http")
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(f"{parsed.host} cannot be resolved", "is the name right?") from error


class VettedTransport(httpx.BaseTransport):
    """Connects to the address that was checked, with the name in Host and in the certificate check."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._inner = httpx.HTTPTransport(verify=_certificates(), trust_env=False, retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        address = vetted_address(host, _port(request.url), self._allowed, clear=request.url.scheme == "http")
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)  # the Host header was set from the name before
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


@cache
def _certificates() -> ssl.SSLContext:
    """Loaded once: it takes longer than a call."""
    return httpx.create_ssl_context(trust_env=False)


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None) or address


def _is_public(address: Address) -> bool:
    inner = _inner(address)
    return inner.is_global and not inner.is_multicast and not inner.is_reserved
