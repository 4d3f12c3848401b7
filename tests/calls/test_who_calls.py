"""The rows that the real PBX reads too (tests/integration/test_who_calls.py), here as it hands them over."""

from __future__ import annotations

import re

import pytest

from pbx_bridge.calls.events import CallArrived
from pbx_bridge.directory.resolver import Resolver
from rules.calls.caller_identity import Leads
from tests.calls.sample_index import index
from tests.pbx.signalling import FROM_LEADS, ROWS, VIP, WITHHELD, Row


def arrival(row: Row) -> CallArrived:
    """All lines of each header, with commas between."""

    def lines(name: bytes) -> str:
        return ",".join(value.decode() for key, value in row.headers if key == name)

    user = row.user.partition(b";")[0].decode()
    return CallArrived(
        "1.1",
        "PJSIP/trunk-1",
        dialled=user if re.fullmatch(r"\+?\d+", user) else row.to.decode(),
        caller=row.caller.decode(),
        caller_name=row.name.decode().strip('"'),
        diversion=lines(b"Diversion"),
        history_info=lines(b"History-Info"),
        sender=lines(b"From") or f"{row.name.decode()} <sip:{row.caller.decode()}@carrier.example>;tag=ours",
        asserted=lines(b"P-Asserted-Identity"),
        remote_party=lines(b"Remote-Party-ID"),
        privacy=lines(b"Privacy"),
    )


def believed(row: Row, leads: Leads) -> tuple[str, str | None, bool]:
    resolved = Resolver(index(), leads=leads)(arrival(row))
    caller = resolved.caller
    assert not row.shown or caller.display_name == row.shown
    return WITHHELD if caller.withheld else caller.number, resolved.called.customer_id, bool(caller.vip)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_who_calls_and_whose_call_it_is(row: Row) -> None:
    wanted = (row.number, row.company, row.number == VIP and row.company == "mustermann")
    assert believed(row, Leads.ASSERTED) == wanted


@pytest.mark.parametrize("row", FROM_LEADS, ids=lambda row: row.title)
def test_where_the_telephones_own_word_leads(row: Row) -> None:
    assert believed(row, Leads.FROM)[0] == row.number


def test_a_withheld_number_is_nowhere_in_what_is_known() -> None:
    for row in ROWS:
        if row.number is WITHHELD:
            assert "1713920042" not in repr(Resolver(index())(arrival(row)).caller).replace("anonymous", "")
