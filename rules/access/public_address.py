"""Whether an IP address belongs to the public Internet, whatever it is wrapped in.

Source: IANA's special-purpose address registries; RFC 4291 (mapped, compatible), 3056 (6to4), 4380 (Teredo),
5214 (ISATAP), 6052 and 8215 (NAT64). Our own list, as Python's differs from release to release.
"""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NOT_PUBLIC_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
    )
)
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
"""All that is given out; loopback, link-local, private and multicast lie outside."""
_NOT_PUBLIC_6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""The middle of an interface's id that carries an IPv4 address."""


def is_public(host: str, *, allow_loopback: bool = False) -> bool:
    """Of an address as text, with or without a scope ("fe80::1%eth0").

    `allow_loopback`: this machine counts as well. Raises ValueError for what is no address.
    """
    address: Address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif not (allow_loopback and address.is_loopback):
            return _is_public_6(address)
    return allow_loopback if address.is_loopback else _is_public_4(address)


def _is_public_4(address: Address) -> bool:
    return not any(address in network for network in _NOT_PUBLIC_4 if address.version == network.version)


def _is_public_6(address: ipaddress.IPv6Address) -> bool:
    """What only leads to an IPv4 address is as public as that one."""
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _NAT64:
        return _is_public_4(low)
    if address in _SIX_TO_FOUR:
        return address.sixtofour is not None and _is_public_4(address.sixtofour)
    if address not in _GLOBAL_6 or any(address in network for network in _NOT_PUBLIC_6):
        return False
    carries = (int(address) >> 32) & 0xFFFFFFFF in _ISATAP
    return not carries or _is_public_4(low)
