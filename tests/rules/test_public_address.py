"""Which addresses belong to the public Internet, in every dress that an address can wear."""

from __future__ import annotations

import ipaddress

import pytest

from rules.access.public_address import is_public

PRIVATE = [
    *("0.0.0.1", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1"),
    *("127.1.2.3", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1"),
    *("192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
    *("239.255.255.255", "240.0.0.1", "255.255.255.255"),
]
PUBLIC = [
    "9.9.9.9",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.0.1",
    "223.255.255.1",
]
PRIVATE_6 = [
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1"),
    *("100::1", "2001:db8::1", "2001::1", "2001:2::1", "2001:10::1", "3fff::1", "64:ff9b:1::1", "4000::1"),
]
DRESSES = {
    "plain": "{a}.{b}.{c}.{d}",
    "mapped": "::ffff:{ab}:{cd}",
    "NAT64": "64:ff9b::{ab}:{cd}",
    "6to4": "2002:{ab}:{cd}::1",
    "ISATAP": "2620:fe::5efe:{ab}:{cd}",
    "ISATAP, unique": "2620:fe::200:5efe:{ab}:{cd}",
}
NEVER = {
    "compatible": "::{ab}:{cd}",
    "translated": "::ffff:0:{ab}:{cd}",
    "Teredo": "2001:0:{ab}:{cd}::1",
    "local NAT64": "64:ff9b:1::{ab}:{cd}",
}


def dressed(dress: str, address: str) -> str:
    a, b, c, d = ipaddress.IPv4Address(address).packed
    return dress.format(a=a, b=b, c=c, d=d, ab=f"{a:x}{b:02x}", cd=f"{c:x}{d:02x}")


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("address", [*PRIVATE, *PUBLIC])
def test_an_address_is_as_public_as_the_one_it_carries(dress: str, address: str) -> None:
    assert is_public(dressed(DRESSES[dress], address)) is (address in PUBLIC)


@pytest.mark.parametrize("dress", NEVER)
@pytest.mark.parametrize("address", ["9.9.9.9", "127.0.0.1"])
def test_dresses_that_no_server_of_the_internet_wears(dress: str, address: str) -> None:
    assert not is_public(dressed(NEVER[dress], address))


@pytest.mark.parametrize("address", PRIVATE_6)
def test_what_is_not_given_out(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["2620:fe::fe", "2a00:1450:4001::1", "2003::1"])
def test_what_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_the_switch_lets_this_machine_in_and_nothing_else(address: str) -> None:
    assert is_public(address, allow_loopback=True)
    for other in ("10.0.0.1", "169.254.169.254", "fe80::1", "::ffff:10.0.0.1", "fd00::1", "::"):
        assert not is_public(other, allow_loopback=True)


@pytest.mark.parametrize("text", ["", "localhost", "0x7f.1", "2130706433", "127.1", "1.2.3.4.5"])
def test_what_is_no_address_is_no_public_one(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        is_public(text)
