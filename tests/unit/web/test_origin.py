"""Who asks, as the proxies of ours tell and nobody else."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from pbx_bridge.settings.addresses import address_of, network_of
from pbx_bridge.web.connection_limits import neighbourhood
from pbx_bridge.web.origin import Proxies, host_name

OURS = Proxies(["127.0.0.1", "10.0.0.0/8", "::1", "2001:db8::/32", "::ffff:192.168.7.0/120"])


class Transport:
    """Of a connection from this address."""

    def __init__(self, peer: str) -> None:
        self._peer = peer

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self._peer, 4711) if name == "peername" else default


def client(peer: str, *headers: tuple[str, str], proxies: Proxies = OURS) -> str:
    request = make_mocked_request("GET", "/", CIMultiDict(headers), transport=Transport(peer))
    return proxies.client(request)


LISTED, TOLD = "X-Forwarded-For", "Forwarded"


@pytest.mark.parametrize(
    "peer,headers,who",
    [
        # Nobody of ours: what it says of itself counts for nothing.
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", [(LISTED, "198.51.100.7")], "203.0.113.9"),
        ("203.0.113.9", [(TOLD, "for=198.51.100.7")], "203.0.113.9"),
        ("::ffff:203.0.113.9", [(LISTED, "198.51.100.7")], "203.0.113.9"),
        # A proxy of ours: the rightmost that is none of ours.
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", [(LISTED, "198.51.100.7")], "198.51.100.7"),
        ("10.1.2.3", [(LISTED, "1.1.1.1, 198.51.100.7")], "198.51.100.7"),
        ("10.1.2.3", [(LISTED, "1.1.1.1, 198.51.100.7, 10.9.9.9")], "198.51.100.7"),
        ("10.1.2.3", [(LISTED, "1.1.1.1"), (LISTED, "198.51.100.7")], "198.51.100.7"),
        ("::ffff:10.1.2.3", [(LISTED, "198.51.100.7")], "198.51.100.7"),
        ("192.168.7.200", [(LISTED, "198.51.100.7")], "198.51.100.7"),
        ("192.168.8.1", [(LISTED, "198.51.100.7")], "192.168.8.1"),
        ("::1", [(LISTED, "2001:470::5")], "2001:470::5"),
        ("2001:db8:1::2", [(LISTED, "1.1.1.1,2001:470::5,2001:db8::9")], "2001:470::5"),
        ("127.0.0.1", [(LISTED, "::ffff:198.51.100.7")], "198.51.100.7"),
        ("127.0.0.1", [(LISTED, "198.51.100.7:4711")], "198.51.100.7"),
        ("127.0.0.1", [(LISTED, "[2001:470::5]:4711")], "2001:470::5"),
        ("127.0.0.1", [(LISTED, " ,, 198.51.100.7 , ")], "198.51.100.7"),
        ("127.0.0.1", [(LISTED, "10.0.0.1, 10.0.0.2")], "10.0.0.1"),
        # What no proxy writes: nothing left of it is believed.
        ("127.0.0.1", [(LISTED, "198.51.100.7, unknown")], "127.0.0.1"),
        ("127.0.0.1", [(LISTED, "198.51.100.7, 999.1.1.1, 10.0.0.5")], "10.0.0.5"),
        ("127.0.0.1", [(LISTED, "x" * 5_000)], "127.0.0.1"),
        ("127.0.0.1", [(LISTED, "")], "127.0.0.1"),
        # RFC 7239.
        ("127.0.0.1", [(TOLD, "for=198.51.100.7;proto=https;by=10.0.0.1")], "198.51.100.7"),
        ("127.0.0.1", [(TOLD, 'For="[2001:470::5]:4711"')], "2001:470::5"),
        ("127.0.0.1", [(TOLD, 'for=1.1.1.1, for="198.51.100.7:80";by=x, for=10.0.0.1')], "198.51.100.7"),
        ("127.0.0.1", [(TOLD, "for=1.1.1.1"), (TOLD, "proto=http;for=198.51.100.7")], "198.51.100.7"),
        ("127.0.0.1", [(TOLD, "for=198.51.100.7, for=unknown")], "127.0.0.1"),
        ("127.0.0.1", [(TOLD, "for=198.51.100.7, for=_hidden, for=10.0.0.5")], "10.0.0.5"),
        ("127.0.0.1", [(TOLD, "for=198.51.100.7, proto=https")], "127.0.0.1"),
        ("127.0.0.1", [(TOLD, 'for=198.51.100.7, for="')], "127.0.0.1"),
        ("127.0.0.1", [(TOLD, 'for="1.1.1.1, for=198.51.100.7"')], "127.0.0.1"),
        # Both: one of them came from outside.
        ("127.0.0.1", [(LISTED, "198.51.100.7"), (TOLD, "for=198.51.100.7")], "198.51.100.7"),
        ("127.0.0.1", [(LISTED, "198.51.100.7"), (TOLD, "for=1.1.1.1")], "127.0.0.1"),
    ],
)  # fmt: skip
def test_the_nearest_stranger_is_the_client(peer: str, headers: list[tuple[str, str]], who: str) -> None:
    assert client(peer, *headers) == who


def test_without_proxies_everybody_is_who_connects() -> None:
    assert client("127.0.0.1", (LISTED, "198.51.100.7"), proxies=Proxies([])) == "127.0.0.1"


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=60))
def test_no_header_is_too_odd(value: str) -> None:
    for name in (LISTED, TOLD):
        address_of(client("127.0.0.1", (name, value)))
        assert client("203.0.113.9", (name, value)) == "203.0.113.9"


def test_a_network_is_a_network() -> None:
    for text in ("all", "10.0.0.0/33", "", "10.0.0.0/8, 127.0.0.1", "sekretariat.example"):
        with pytest.raises(ValueError, match=r"."):
            network_of(text)


@pytest.mark.parametrize(
    "one,other,same",
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("2001:470:1:2::1", "2001:470:1:2:ffff::9", True),
        ("2001:470:1:2::1", "2001:470:1:3::1", False),
    ],
)
def test_who_counts_as_one(one: str, other: str, same: bool) -> None:
    assert (neighbourhood(one) == neighbourhood(other)) is same


@pytest.mark.parametrize(
    "header,name",
    [
        ("sekretariat.example", "sekretariat.example"),
        ("Sekretariat.Example.:8443", "sekretariat.example"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("[::1]:8080", "::1"),
        ("[::1", ""),
        ("a:b:c", ""),
        ("evil@localhost", "evil@localhost"),
        ("localhost:80@evil", ""),
        ("", ""),
    ],
)
def test_a_host_header_has_a_name(header: str, name: str) -> None:
    assert host_name(header) == name
