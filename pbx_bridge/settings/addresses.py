"""Addresses and networks as people write them into settings, and as headers tell them."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def network_of(text: str) -> Network:
    """The network that a text names, "10.0.0.0/8" or "::1"; IPv4 in its IPv6 clothes is IPv4. Raises
    ValueError."""
    network = ipaddress.ip_network(text.strip(), strict=False)
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    if mapped is None or network.prefixlen < 96:
        return network
    return IPv4Network((mapped, network.prefixlen - 96))


def address_of(text: str) -> Address | None:
    """The address that a header or the system names, with or without a port; None for anything else."""
    text = text.strip()
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def is_this_machine(name: str) -> bool:
    """Whether a name without port and brackets means the machine on which it is said."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
