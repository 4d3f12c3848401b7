from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calls.vip import VipTable, hints
from rules.customers.vip_entries import Clash, of_a_switchboard, read, strange
from rules.files import vip_csv
from rules.files.csv_columns import FileLanguage
from rules.files.csv_plan import Changed, ImportPlan
from rules.files.csv_text import Table, parse
from rules.model import Caller, Customer, VipCaller
from rules.stepwise import at_once
from tests.rules.sample_facts import MUSTERMANN

HANS = VipCaller("1", "+491713920042", "Hans Müller", "Bitte nicht nach Kontaktdaten fragen.")
HOUSE = VipCaller("2", "+49302312*", "Haus Vogt")


def typed(pattern: str, name: str = "Hans Müller", info: str = "", employee: str = "") -> dict[str, str]:
    return {"pattern": pattern, "name": name, "info": info, "employee": employee}


@pytest.mark.parametrize(
    "written, stored",
    [
        ("0171 3920042", "+491713920042"),
        ("+49 (0)171 / 392 00 42", "+491713920042"),
        ("030 / 2312*", "+49302312*"),
        ("0049302312*", "+49302312*"),
    ],
)
def test_numbers_and_blocks_are_normalised(written: str, stored: str) -> None:
    assert read(typed(written), "DE", ()) == VipCaller("", stored, "Hans Müller")


@pytest.mark.parametrize(
    "values, codes",
    [
        (typed(""), [("pattern", "required")]),
        (typed("meine Nummer"), [("pattern", "vip_number")]),
        (typed("23125110"), [("pattern", "vip_number")]),
        (typed("23125*"), [("pattern", "vip_number")]),
        (typed("030 23125110, 030 23125111"), [("pattern", "vip_two")]),
        (typed("0171 3920077 oder 0172 3920078"), [("pattern", "vip_two")]),
        (typed("030 23125110/-111"), [("pattern", "vip_two")]),
        (typed("Tel. 0171 3920077"), [("pattern", "vip_words")]),
        (typed("0171 3920077 (mobil)"), [("pattern", "vip_words")]),
        (typed("Tel. (030) 23125110 abends"), [("pattern", "vip_words")]),
        (typed("Zentrale 030 23125*"), [("pattern", "vip_words")]),
        (typed("030 23125-xx"), [("pattern", "vip_words")]),
        (typed("Tel. 23125110"), [("pattern", "vip_number")]),
        (typed("tel:+491713920042"), []),
        (typed("030 23125 Durchwahl 117"), []),
        (typed("030 23125-"), [("pattern", "vip_open")]),
        (typed("030 23125 – "), [("pattern", "vip_open")]),
        (typed("+49 (0)30/23125/"), [("pattern", "vip_open")]),
        (typed("030 23125-0"), []),
        (typed("030 23125-*"), []),
        (typed("+49*"), [("pattern", "vip_short")]),
        (typed("030*"), []),
        (typed("0171 3920042", ""), [("name", "required")]),
        (typed("0171 3920042", info="x" * 501), [("info", "too_long")]),
        (typed("0171 3920042", employee="stranger"), [("employee", "vip_employee")]),
    ],
)
def test_each_fault_is_found_at_its_field(values: dict[str, str], codes: list[tuple[str, str]]) -> None:
    found = read(values, "DE", ["erika"])
    assert [(f.field, f.code) for f in found] == codes if isinstance(found, tuple) else codes == []


def test_what_is_wrong_is_named() -> None:
    for text, params in (
        ("Tel. (030) 23125110 abends", {"found": "Tel. abends"}),
        ("0171 3920077 (mobil)", {"found": "(mobil)"}),
        ("030 23125-", {"block": "030 23125*"}),
    ):
        found = read(typed(text), "DE", ())
        assert isinstance(found, tuple), text
        assert found[0].params == params


def test_entries_that_do_not_meet_are_not_strange() -> None:
    assert at_once(strange([HANS, HOUSE])) == ()


@pytest.mark.parametrize(
    "first, second, code, loser",
    [
        ({}, {}, Clash.DUPLICATE, "b"),
        ({}, {"employee_id": "erika"}, Clash.HIDDEN, "a"),
        ({"employee_id": "jens"}, {"employee_id": "erika"}, Clash.RIVAL, "b"),
        ({"pattern": "+49171392*"}, {}, Clash.EXCEPTION, "a"),
        ({"pattern": "+49171392*"}, {"pattern": "+491713*"}, Clash.EXCEPTION, "b"),
        ({"pattern": "+49171392*"}, {"pattern": "+49171392*"}, Clash.DUPLICATE, "b"),
    ],
)
def test_what_is_strange_and_which_one_the_agent_sees(
    first: dict[str, str], second: dict[str, str], code: Clash, loser: str
) -> None:
    a, b = replace(HANS, id="a", **first), replace(HANS, id="b", **second)
    [found] = at_once(strange([a, b]))
    assert (found.code, found.entry.id) == (code, loser)
    if code is not Clash.EXCEPTION:
        number = a.pattern.rstrip("*").ljust(13, "0")
        assert VipTable([a, b]).find(number)[0] == found.other


def company(*vips: VipCaller) -> Customer:
    return replace(MUSTERMANN, vip_callers=vips)


def plan(text: str, customer: Customer) -> ImportPlan[VipCaller]:
    table = parse(text, lambda header: bool(vip_csv.column_of(header)))
    assert isinstance(table, Table)
    reading, steps = vip_csv.plan(table, customer, lambda: "new"), 0
    while True:
        try:
            steps += next(reading)
        except StopIteration as done:
            made: ImportPlan[VipCaller] = done.value
            assert made.faults or steps == vip_csv.steps(table, customer)
            return made


def test_a_file_from_elsewhere_with_other_columns_and_order() -> None:
    text = "Name,Employee,Number\nHans Müller,Erika Beispiel,0171 3920042\nHaus Vogt,,030 2312*\n"
    found = plan(text, company(HANS, HOUSE))
    assert [(vip.pattern, vip.employee_id) for vip in found.new] == [("+491713920042", "erika")]
    assert (found.unchanged, found.missing) == (1, (HANS,))


def test_an_entry_is_found_again_by_its_id_when_its_number_changes() -> None:
    text = "Kennung;Rufnummer;Name\n1;0171 3920043;Hans Müller\n"
    found = plan(text, company(HANS))
    assert found.changed == (Changed(2, HANS, replace(HANS, pattern="+491713920043"), ("pattern",)),)


@pytest.mark.parametrize(
    "text, faults",
    [
        ("Telefon;Wer\n1;2\n", [(1, "", "vip_csv_header")]),
        ("Rufnummer;Name\n", [(1, "", "csv_empty")]),
        ("Rufnummer;Name;Name\n030 23125100;A;B\n", [(1, "name", "csv_column_twice")]),
        ("Rufnummer;Name\n030 23125100;Hans;Müller\n", [(2, "", "csv_too_many_cells")]),
        ("Rufnummer;Name\nabc;Hans\n", [(2, "pattern", "vip_number")]),
        ("Rufnummer;Name\n0171 3920042;Hans\n\n+491713920042;Peter\n", [(4, "pattern", "vip_csv_twice")]),
        ("Rufnummer;Name;Mitarbeiter\n0171 3920042;Hans;Niemand\n", [(2, "employee", "vip_csv_employee")]),
    ],
)
def test_faults_name_line_and_field(text: str, faults: list[tuple[int, str, str]]) -> None:
    found = plan(text, company())
    assert [(one.line, one.fault.field, one.fault.code) for one in found.faults] == faults
    assert found.new == ()


WORDS = st.text(st.sampled_from("äöß;,\"'\n=+-@ aB9\t*"), min_size=1, max_size=12).map(str.strip).filter(bool)


@given(
    st.lists(st.tuples(WORDS, WORDS, st.sampled_from([None, "erika"])), min_size=1, max_size=6),
    st.sampled_from(FileLanguage),
)
def test_what_goes_out_comes_back_unchanged(
    rows: list[tuple[str, str, str | None]], language: FileLanguage
) -> None:
    vips = [
        VipCaller(f"id-{n}", f"+4930231250{n:02}", name, info, owner)
        for n, (name, info, owner) in enumerate(rows)
    ]
    customer = company(*vips)
    found = plan("".join(vip_csv.export(customer, language)), customer)
    assert (found.unchanged, found.new, found.changed, found.missing, found.faults) == (
        len(vips),
        (),
        (),
        (),
        (),
    )


OWN = replace(HANS, id="3", info="Nur für Erika.", employee_id="erika")
OTHER = replace(HANS, id="4", info="Lieber an Jens.", employee_id="jens")


@pytest.mark.parametrize("order", [(HANS, OWN), (OWN, HANS)])
def test_an_entry_of_an_employee_hides_no_hint_of_the_company(order: tuple[VipCaller, ...]) -> None:
    found = VipTable(order).find(HANS.pattern)
    caller = Caller(HANS.pattern, vip=found[0], vips=found)
    assert hints(caller, MUSTERMANN) == f"{OWN.info}\n{HANS.info}"


def test_hints_of_others_say_whose_they_are_and_the_same_hint_stands_once() -> None:
    twin = replace(HANS, id="5", info=OWN.info)
    block = replace(HOUSE, pattern="+49171*", info="Block")
    found = VipTable((OWN, OTHER, twin, block)).find(HANS.pattern)
    caller = Caller(HANS.pattern, vip=found[0], vips=found)
    said = hints(caller, MUSTERMANN).split("\n")
    assert len(said) == 2
    assert said[0] == OWN.info
    assert said[1].endswith(f": {OTHER.info}")
    assert hints(Caller(), MUSTERMANN) == ""


def test_a_second_entry_of_the_company_is_one_too_many_also_behind_an_employees() -> None:
    second = replace(HANS, id="6", name="Hans")
    for order in ((OWN, HANS, second), (HANS, OWN, second), (HANS, second, OWN)):
        found = at_once(strange(order))
        assert (Clash.DUPLICATE, second, HANS) in [(one.code, one.entry, one.other) for one in found]


@pytest.mark.parametrize(
    ("number", "block"),
    [
        ("030 23125-0", "+493023125*"),
        ("+49 30 23125 - 0", "+493023125*"),
        ("030/23125–0", "+493023125*"),
        ("030 23125-00", "+493023125*"),
        ("030 23125-100", ""),
        ("030 23125", ""),
        ("030 231250", ""),
        ("23125-0", ""),
        ("030-0", ""),
        ("0171 3920040", ""),
        ("030 23125*", ""),
        ("", ""),
    ],
)
def test_the_number_of_a_switchboard_stands_for_a_block(number: str, block: str) -> None:
    assert of_a_switchboard(number, "DE") == block
