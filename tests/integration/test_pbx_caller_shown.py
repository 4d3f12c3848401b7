"""What the employee's network is told of who calls, also on a trunk whose account stands in From."""

from __future__ import annotations

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from tests.integration.raw_peers import RawPeers, open_street
from tests.integration.test_pbx_forwarding_phones import tried
from tests.pbx.sip_message import Message, busy, uri

pytestmark = pytest.mark.asterisk
EMPLOYEE = "493023125700"
ACCOUNT = b"1234567t0"
PAI, PPI = b"p-asserted-identity", b"p-preferred-identity"


def user(invite: Message, header: bytes) -> bytes:
    """Of the address in it; empty when it is not there."""
    return uri(invite.headers.get(header, b"")).removeprefix(b"sip:").partition(b"@")[0]


async def rung(street: RawPeers) -> Message:
    """As the employee's network sees the put-through."""
    await street.bystander()
    street.trunk.phones[EMPLOYEE.encode()] = busy
    assert await tried(street, "hold", EMPLOYEE) == [(EMPLOYEE, "busy")]
    return street.trunk.rung[-1]


@pytest.mark.parametrize(
    "shown, pai, ppi",
    [
        ("from", b"", b""),
        ("pai", b"+491713920042", b""),
        ("ppi", b"", b"+491713920042"),
        ("pai-bare", b"491713920042", b""),
        ("ppi-bare", b"", b"491713920042"),
    ],
)
async def test_the_callers_number_stands_where_the_operator_says(
    asterisk_tree: AsteriskTree, shown: str, pai: bytes, ppi: bytes
) -> None:
    async with open_street(asterisk_tree, from_user=ACCOUNT.decode(), caller_shown=shown) as street:
        invite = await rung(street)
        assert (user(invite, b"from"), user(invite, PAI), user(invite, PPI)) == (ACCOUNT, pai, ppi)


async def test_without_an_account_it_stands_in_from(asterisk_tree: AsteriskTree) -> None:
    async with open_street(asterisk_tree) as street:
        assert user(await rung(street), b"from") == b"+491713920042"


async def test_the_same_on_the_oldest_asterisk(oldest_asterisk: AsteriskTree) -> None:
    async with open_street(oldest_asterisk, from_user=ACCOUNT.decode(), caller_shown="ppi-bare") as street:
        assert user(await rung(street), PPI) == b"491713920042"
