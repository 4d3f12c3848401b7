from __future__ import annotations

import pytest

from rules.calls.identify import CalledBy, identify_caller, identify_customer
from rules.calls.redirecting import HistoryEntry, diverted_from, history
from rules.calls.vip import VipTable
from rules.model import Line, VipCaller
from tests.rules.sample_facts import HANS_NUMBER

OWN = Line("own", "+493023125900", customer_id="mustermann")
SHARED = Line("shared", "+493023125901")
LINES = {line.number: line for line in (OWN, SHARED)}
PUBLIC = {"+493023125000": "mustermann", "+493023125200": "sommer"}


def called(dialled: str, diversion: str = "", history_info: str = "") -> tuple[str | None, CalledBy]:
    found = identify_customer(dialled, diversion, history_info, LINES.get, PUBLIC.get)
    return found.customer_id, found.reason


SOMMER = "<sip:+493023125200@trunk.example>;reason=unconditional"
MUSTER = "<sip:03023125000@trunk.example;user=phone>;reason=no-answer;counter=2"
ELSEWHERE = "<sip:+4940123456@trunk.example>"
HISTORY = (
    "<sip:{}@t.example?Reason=SIP%3Bcause%3D302>;index=1,<sip:+493023125901@t.example;cause=302>;index=1.1"
)


@pytest.mark.parametrize(
    "dialled, diversion, history_info, customer, reason",
    [
        ("+493023125900", "", "", "mustermann", CalledBy.LINE),
        ("030 23125-900", SOMMER, "", "mustermann", CalledBy.LINE),  # a line of one's own needs no hint
        ("493023125901", SOMMER, "", "sommer", CalledBy.DIVERSION),
        ("+493023125901", "030/23125-200", "", "sommer", CalledBy.DIVERSION),
        ("+493023125901", f"{SOMMER}, {MUSTER}", "", "sommer", CalledBy.DIVERSION),  # the latest comes first
        ("+493023125901", f"{ELSEWHERE}, {MUSTER}", "", "mustermann", CalledBy.DIVERSION),
        ("+493023125901", SOMMER, HISTORY.format("+493023125000"), "sommer", CalledBy.DIVERSION),
        ("+493023125901", ELSEWHERE, HISTORY.format("+493023125000"), "mustermann", CalledBy.HISTORY_INFO),
        ("+493023125901", "", HISTORY.format("%2B493023125200"), "sommer", CalledBy.HISTORY_INFO),
        (
            "+493023125901",
            "",
            "<tel:+49-30-23125-200>;index=1, <sip:x@y>;index=1.1",
            "sommer",
            CalledBy.HISTORY_INFO,
        ),
        ("+493023125901", "<sip:anonymous@anonymous.invalid>", "", None, CalledBy.SHARED_UNKNOWN),
        ("+493023125901", "", "", None, CalledBy.SHARED_UNKNOWN),
        ("+493023125999", MUSTER, "", "mustermann", CalledBy.DIVERSION),  # a line nobody has entered yet
        (
            "+493023125200",
            "",
            "",
            "sommer",
            CalledBy.PUBLIC_NUMBER,
        ),  # the customer's own number ends at our trunk
        ("+493023125999", "", "", None, CalledBy.LINE_UNKNOWN),
        ("", "", "", None, CalledBy.LINE_UNKNOWN),
        ("s", "nonsense", ",,<>;index=", None, CalledBy.LINE_UNKNOWN),
    ],
)
def test_the_call_finds_its_customer(
    dialled: str, diversion: str, history_info: str, customer: str | None, reason: CalledBy
) -> None:
    assert called(dialled, diversion, history_info) == (customer, reason)


def test_the_answer_says_which_number_told() -> None:
    found = identify_customer("+493023125901", SOMMER, "", LINES.get, PUBLIC.get)
    assert (found.line, found.dialled, found.public_number) == (SHARED, SHARED.number, "+493023125200")


def test_of_two_forwardings_the_latest_station_counts() -> None:
    two = (
        "<sip:+493023125000@t.example>;index=1, <sip:+493023125200@t.example>;index=1.2,"
        "<sip:+493023125901@t.example>;index=1.2.1"
    )
    shuffled = ", ".join(reversed(two.split(",")))
    assert called("+493023125901", "", two) == ("sommer", CalledBy.HISTORY_INFO)
    assert called("+493023125901", "", shuffled) == ("sommer", CalledBy.HISTORY_INFO)


def test_history_counts_its_indexes_as_numbers() -> None:
    header = "<sip:b@h>;index=1.10, <sip:a@h>;index=1.9"
    assert [entry.uri for entry in history(header)] == ["sip:a@h", "sip:b@h"]
    assert history("<sip:a@h>, <sip:b@h>;index=1") == (HistoryEntry("sip:a@h"), HistoryEntry("sip:b@h", (1,)))


def test_what_is_never_closed_is_one_entry() -> None:
    assert diverted_from('"' + "," * 10 + "<sip:a@h>") == ("sip:a@h",)
    assert diverted_from("<sip:a@h, <sip:b@h>") == ("sip:b@h",)
    assert diverted_from("," * 10) == ()


def test_commas_in_quotes_and_brackets_separate_nothing() -> None:
    header = '"Sommer, Dr." <sip:+493023125200@t.example;x=1,2>;reason=unknown, <sip:b@h>'
    assert diverted_from(header) == ("sip:+493023125200@t.example;x=1,2", "sip:b@h")
    assert diverted_from("") == ()


EXACT = VipCaller("exact", HANS_NUMBER, "Hans Müller")
OF_ERIKA = VipCaller("of-erika", HANS_NUMBER, "Hans", employee_id="erika")
SHORT_BLOCK = VipCaller("short-block", "+49171*", "Mobil")
LONG_BLOCK = VipCaller("long-block", "+4917139*", "Müller GmbH")
OTHER = VipCaller("other", "+491713920043", "Jemand")


def test_vip_entries_are_ranked() -> None:
    table = VipTable((SHORT_BLOCK, LONG_BLOCK, OTHER, EXACT, OF_ERIKA))
    assert table.find(HANS_NUMBER) == (OF_ERIKA, EXACT, LONG_BLOCK, SHORT_BLOCK)
    assert table.find("+4917139") == (LONG_BLOCK, SHORT_BLOCK)
    assert table.find("+491") == table.find("") == ()
    assert VipTable().find(HANS_NUMBER) == ()


def test_looking_up_takes_steps_by_the_number_not_by_the_entries() -> None:
    blocks = tuple(VipCaller(f"b{n}", f"+49{n:07}*", "Block") for n in range(2_000))
    table = VipTable((*blocks, EXACT))
    assert len(table._lengths) == 1
    assert table.find("+490000007123") == (blocks[7],)


def test_the_caller_is_known_by_number() -> None:
    vips = VipTable((EXACT, SHORT_BLOCK)).find
    caller = identify_caller("0171 3920042", "Müller", False, "DE", vips)
    assert (caller.number, caller.raw, caller.display_name) == (HANS_NUMBER, "0171 3920042", "Müller")
    assert (caller.vip, caller.vips) == (EXACT, (EXACT, SHORT_BLOCK))
    assert caller.is_vip_of("anyone")


@pytest.mark.parametrize("raw, withheld", [("", False), ("anonymous", False), (HANS_NUMBER, True)])
def test_who_withholds_the_number_is_nobody_we_know(raw: str, withheld: bool) -> None:
    caller = identify_caller(raw, "Hans Müller", withheld, "DE", VipTable((EXACT,)).find)
    assert caller.withheld
    assert (caller.number, caller.vip, caller.vips, caller.display_name) == ("", None, (), "")


def test_an_unreadable_number_is_kept_as_signalled() -> None:
    caller = identify_caller("101", "101", False, "DE", VipTable((EXACT,)).find)
    assert (caller.number, caller.raw, caller.withheld, caller.display_name) == ("", "101", False, "")


def test_a_vip_of_one_employee_is_none_of_the_others() -> None:
    caller = identify_caller(HANS_NUMBER, "", False, "DE", VipTable((OF_ERIKA,)).find)
    assert caller.is_vip_of("erika")
    assert not caller.is_vip_of("jens")
