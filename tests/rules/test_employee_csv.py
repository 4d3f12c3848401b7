from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.fault import Fault
from rules.files.csv_columns import FileLanguage
from rules.files.csv_plan import ImportPlan, Reading
from rules.files.csv_text import Table, decode, parse
from rules.files.employee_columns import column_of
from rules.files.employee_csv import export, plan, steps
from rules.model import Customer, Employee, PutThrough
from rules.text import typed_text
from rules.text.dialling import DialRules
from rules.text.working_hours import WorkingHours
from tests.rules.sample_facts import ERIKA, JENS, MUSTERMANN, company

RULES = DialRules()


def run(made: Reading[Employee]) -> ImportPlan[Employee]:
    while True:
        try:
            next(made)
        except StopIteration as done:
            result: ImportPlan[Employee] = done.value
            return result


def planned(
    text: str | bytes, customer: Customer = MUSTERMANN, allowed: DialRules = RULES
) -> ImportPlan[Employee]:
    decoded = decode(text) if isinstance(text, bytes) else text
    assert isinstance(decoded, str)
    table = parse(decoded, lambda header: bool(column_of(header)))
    assert isinstance(table, Table)
    ids = itertools.count(1)
    return run(plan(table, customer, allowed, lambda: f"new-{next(ids)}"))


def codes(made: ImportPlan[Employee]) -> list[tuple[int, str, str]]:
    return [(one.line, one.fault.field, one.fault.code) for one in made.faults]


NASTY = (
    st.text(
        st.sampled_from("aäöüß \"';,=+-@\t\r\n\u2028\x0b€😀|")
        | st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"),
        max_size=12,
    )
    | st.sampled_from(["=1+1", "+493023125110", "-5", "@x", "'=1", "''", "a\r\nb", '"', ";", "\ufeffx"])
).map(typed_text.lines)
"""As it is kept, whatever was typed."""
PEOPLE = st.builds(
    Employee,
    id=st.uuids().map(str),
    name=NASTY,
    given_name=NASTY,
    family_name=NASTY,
    position=NASTY,
    responsibility=NASTY,
    email=NASTY,
    cc=st.lists(NASTY, max_size=3).map(tuple),
    sms=st.booleans(),
    mobile=NASTY,
    extension=NASTY,
    put_through=st.sampled_from(PutThrough),
    vip_sms=st.booleans(),
    absence_info=NASTY,
    ring_seconds=st.none() | st.integers(5, 60),
    hours=st.sampled_from([None, WorkingHours(((), ((480, 720), (780, 1020)), (), (), (), (), ()), "BE")]),
)


@settings(max_examples=300)
@given(
    st.lists(PEOPLE, min_size=1, max_size=6, unique_by=lambda person: person.id),
    st.sampled_from(FileLanguage),
    st.randoms(use_true_random=False),
)
def test_what_went_out_changes_nothing_when_it_comes_in(
    people: list[Employee], language: FileLanguage, chance: object
) -> None:
    people = [replace(one, deputy_id=people[(n * 7) % len(people)].id) for n, one in enumerate(people)]
    customer = replace(MUSTERMANN, employees=tuple(people))

    made = planned("".join(export(customer.employees, language)).encode(), customer)

    assert made == ImportPlan(unchanged=len(people))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_usual_file_is_read(encoding: str, delimiter: str) -> None:
    text = "Durchwahl;Name;Zuständigkeit\r\n030 23125-117;Jürgen Müller;Größen\r\n".replace(";", delimiter)
    (new,) = planned(text.encode(encoding)).new
    assert (new.name, new.family_name, new.responsibility, new.extension) == (
        "Jürgen Müller", "Müller", "Größen", "+493023125117",
    )  # fmt: skip


def test_internal_extensions_come_in_and_go_out_as_the_operator_allows() -> None:
    rules, text = (
        DialRules(internal="[1-8][0-9]{1,3}"),
        "Name;Durchwahl\r\nLena Vogel;23\r\nÖmer Groß;9000\r\n",
    )
    assert codes(planned(text, company(), rules)) == [(3, "extension", "extension_internal")]
    assert codes(planned(text, company())) == [
        (2, "extension", "extension_short"),
        (3, "extension", "extension_short"),
    ]
    (lena,) = planned(text[: text.index("Ö")], company(), rules).new
    assert lena.extension == "23"
    assert planned("".join(export([lena], FileLanguage.DE)), company(lena), rules) == ImportPlan(unchanged=1)


def test_the_steps_are_counted_beforehand() -> None:
    table = parse(
        "".join(export(MUSTERMANN.employees, FileLanguage.DE)), lambda header: bool(column_of(header))
    )
    assert isinstance(table, Table)
    assert sum(plan(table, MUSTERMANN, DialRules(), str)) == steps(table, MUSTERMANN)


def test_nothing_in_the_file_is_a_formula() -> None:
    evil = replace(ERIKA, name="=cmd|' /C calc'!A0 Beispiel", position="@SUM(1)", responsibility="-2+3")
    text = "".join(export(company(evil, JENS).employees, FileLanguage.DE))
    assert text.startswith("\ufeffName;Position;")
    for line in text.splitlines()[1:]:
        for cell in line.split(";"):
            assert not cell.strip('"').startswith(("=", "+", "-", "@"))


def test_english_headers_and_words_mean_the_same() -> None:
    made = planned("ID,NAME,put  through,sms\nerika,Erika Beispiel,VIP,no\njens,Jens Meier,all,yes\n")
    assert [(one.before.id, one.fields) for one in made.changed] == [
        ("erika", ("put_through",)), ("jens", ("sms",)),
    ]  # fmt: skip
    assert [person.id for person in made.missing] == ["lena"]


def test_people_are_found_by_id_and_by_either_name_form() -> None:
    made = planned("Kennung;Name\nerika;Erika Neumann\n;Meier, Jens\nx-gone;Lena Vogel\n;Neu Hier\n")
    assert [(one.before.id, one.after.name) for one in made.changed] == [
        ("erika", "Erika Neumann"), ("jens", "Meier, Jens"),
    ]  # fmt: skip
    assert (made.unchanged, [person.name for person in made.new], made.missing) == (1, ["Neu Hier"], ())


def test_a_deputy_may_come_later_in_the_same_file() -> None:
    made = planned("Name;Vertreter\nNeu Eins;Neu Zwei\nNeu Zwei;Erika Beispiel\n")
    one, two = made.new
    assert (one.deputy_id, two.deputy_id) == (two.id, "erika")


def test_columns_that_are_not_there_stay_as_stored_and_strange_ones_are_named() -> None:
    made = planned("Name;Personalnummer\nErika Beispiel;7\n")
    assert (made.unchanged, made.ignored, made.faults) == (1, ("Personalnummer",), ())


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Position\nChefin\n", [(1, "", "csv_no_name_column")]),
        ("", [(1, "", "csv_no_name_column")]),
        ("Name;Name\nA B;C D\n", [(1, "name", "csv_column_twice")]),
        ("Name\n\n", [(1, "", "csv_empty")]),
        ("Name\n" + "A B\n" * 20_001, [(1, "", "csv_too_many")]),
        ("Name;SMS\nErika Beispiel;manchmal\n", [(2, "sms", "csv_yes_no")]),
        ("Name;Durchstellen\nErika Beispiel;oft\n", [(2, "put_through", "csv_put_through")]),
        ("Name;Vertreter\nErika Beispiel;Niemand\n", [(2, "deputy", "csv_deputy_unknown")]),
        ("Name;Vertreter\nErika Beispiel;Erika Beispiel\n", [(2, "deputy", "deputy_self")]),
        (
            'Name;E-Mail\n"Neu\nHier";x\nNeu Dort;y\n',
            [(2, "name", "one_line"), (2, "email", "email"), (4, "email", "email")],
        ),
        ("Name;CC\nNeu Hier;;;x\n", [(2, "", "csv_too_many_cells")]),
        ("Name\nErika Beispiel\nBeispiel, Erika\n", [(3, "name", "csv_twice")]),
        ("Name;SMS;Mobilnummer\nNeu Hier;ja;030 23125110\n", [(2, "mobile", "mobile_not_mobile")]),
    ],
)
def test_each_fault_names_its_line_and_field(text: str, expected: list[tuple[int, str, str]]) -> None:
    assert codes(planned(text)) == expected


def test_two_of_the_same_name_need_their_id() -> None:
    twin = replace(ERIKA, id="twin")
    customer = company(ERIKA, twin, replace(JENS, deputy_id="twin"))
    assert codes(planned("Name\nErika Beispiel\n", customer)) == [(2, "name", "csv_ambiguous")]
    made = planned("".join(export(customer.employees, FileLanguage.DE)), customer)
    assert made == ImportPlan(unchanged=3)


def test_binary_files_are_no_tables() -> None:
    assert decode(b"PK\x03\x04\x00\x00") == Fault("", "csv_unreadable")
    assert decode(b"\xff\xd8\xff\x00") == Fault("", "csv_unreadable")
