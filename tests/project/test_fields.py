"""What is declared once is everywhere: page, files, rows, undoing and notice follow from rules/fields."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from pbx_bridge.importing.importer import Imported, import_document
from pbx_bridge.storage import tables
from pbx_bridge.storage.db.field_columns import columns
from pbx_bridge.web.i18n import languages
from rules.customers import change_feed, vip_entries
from rules.customers.company import read_company
from rules.customers.employee import all_texts_of, read_employee
from rules.fields.customer import CUSTOMER, CustomerSettings
from rules.fields.declaration import Field, Kind, noticed, on_form
from rules.fields.employee import EMPLOYEE
from rules.fields.values import texts_of
from rules.fields.vip_caller import VIP_CALLER
from rules.files import employee_csv, vip_csv
from rules.files.csv_columns import FileLanguage
from rules.files.csv_plan import ImportPlan
from rules.files.csv_text import Table, table
from rules.model import Customer, Employee, VipCaller
from rules.stepwise import at_once
from rules.text.dialling import DialRules
from tests.sample_company import NOW
from tests.unit.portal.conftest import Client
from tests.unit.portal.serving import Served

TEXTS: Mapping[Kind, tuple[str, Any]] = {
    Kind.LINE: ("Neu", "Neu"),
    Kind.TEXT: ("Neu", "Neu"),
    Kind.EMAIL: ("neu@mustermann.example", "neu@mustermann.example"),
    Kind.EMAILS: ("neu@mustermann.example", ["neu@mustermann.example"]),
    Kind.TICK: ("yes", True),
    Kind.NUMBER: ("9", 9),
    Kind.MOBILE: ("0171 3920033", "0171 3920033"),
    Kind.EXTENSION: ("030 23125-133", "030 23125-133"),
    Kind.CHOICE: ("vip", "vip"),
    Kind.WEEK: ("Mo 9–10", "Mo 9–10"),
}
"""Something new of each kind, as a form sends it and as the operator's file has it."""
NAMES: Mapping[str, tuple[str, Any]] = {"name": ("Erika Muster-Beispiel", None), "deputy": ("", "")}
NOT_DECLARED = {"id", "given_name", "family_name", "appointments"}
each = pytest.mark.parametrize("one", EMPLOYEE, ids=lambda one: one.name)


def new(one: Field) -> tuple[str, Any]:
    return NAMES.get(one.name) or TEXTS[one.kind]


async def erika(served: Served) -> Employee:
    found = (await served.company()).employee(served.house.erika)
    assert found
    return found


def different(before: Employee, after: Employee) -> set[str]:
    return {one.name for one in EMPLOYEE if all_texts_of(before)[one.name] != all_texts_of(after)[one.name]}


def changed(before: Employee, one: Field, customer: Customer) -> Employee:
    colleagues = [person.id for person in customer.employees]
    after = read_employee(all_texts_of(before) | {one.name: new(one)[0]}, before, colleagues, DialRules())
    assert isinstance(after, Employee)
    return after


def test_model_and_table_hold_what_is_declared_and_nothing_else() -> None:
    assert {one.of_model for one in EMPLOYEE} == {one.name for one in fields(Employee)} - NOT_DECLARED
    split = {"id", "customer_id", "given_name", "family_name"}
    assert {*columns(EMPLOYEE)} == {*tables.employee.c.keys()} - split


@pytest.mark.parametrize("one", on_form(EMPLOYEE), ids=lambda one: one.name)
async def test_the_page_shows_and_reads_each_and_undoing_puts_it_back(client: Client, one: Field) -> None:
    served = client.served
    before = await erika(served)
    page = await client.get(f"/portal/mitarbeiter/{before.id}")
    assert f'name="{one.name}"' in page.text
    sent = {name: text for name, text in all_texts_of(before).items() if text} | {one.name: new(one)[0]}

    answer = await client.post(f"/portal/mitarbeiter/{before.id}", sent)

    assert "said=employee_saved" in answer.path, answer.text
    after = await erika(served)
    assert different(before, after) == {one.name}
    assert after == changed(before, one, await served.company())
    step = answer.path.rpartition("step=")[2]
    await client.post("/portal/rueckgaengig", {"step": step})
    assert await erika(served) == before


@pytest.mark.parametrize("locale", languages())
@pytest.mark.parametrize("one", on_form(EMPLOYEE), ids=lambda one: one.name)
def test_each_has_its_words(root: Path, locale: str, one: Field) -> None:
    path = root / "pbx_bridge" / "portal" / "locale" / locale / "employees.toml"
    words = tomllib.loads(path.read_text())["employee"][one.name]
    assert words["label"]
    assert words["help"]


@pytest.mark.parametrize("locale", list(FileLanguage))
@each
async def test_a_file_of_the_company_has_each_and_reads_it_back(
    served: Served, one: Field, locale: FileLanguage
) -> None:
    customer, before = await served.company(), await erika(served)
    after = changed(before, one, customer)
    text = "".join(employee_csv.export([after, *(p for p in customer.employees if p.id != after.id)], locale))

    read = table(text.lstrip("\ufeff"), ";")
    assert isinstance(read, Table)
    plan = at_once(employee_csv.plan(read, customer, DialRules(), str))

    assert isinstance(plan, ImportPlan)
    assert [(item.after, item.fields) for item in plan.changed] == [(after, (one.name,))]


@pytest.mark.parametrize("one", [one for one in EMPLOYEE if one.name != "name"], ids=lambda one: one.name)
async def test_the_operators_file_says_each(served: Served, one: Field) -> None:
    customer, before = await served.company(), await erika(served)
    person = {"name": before.name, one.key: new(one)[1]}
    company = {"name": customer.name, "tariff": customer.tariff.name, "greeting": customer.greeting}
    document = {"customer": [company | {"employee": [person]}]}

    assert isinstance(await import_document(served.db, document, NOW, str.upper), Imported)

    assert await erika(served) == changed(before, one, customer)


@pytest.mark.parametrize("one", [one for one, _ in noticed(EMPLOYEE)], ids=lambda one: one.name)
async def test_agents_hear_of_those_that_say_so(served: Served, one: Field) -> None:
    customer, before = await served.company(), await erika(served)
    after = changed(before, one, customer)
    people = tuple(after if person.id == after.id else person for person in customer.employees)

    (told,) = change_feed.changes(customer, replace(customer, employees=people))

    assert (told.kind, told.facts["text"]) == (one.notice and one.notice.kind, new(one)[0])


VIP_NAMES: Mapping[str, tuple[str, Any]] = {"pattern": ("+49 171 3920077", "+49 171 3920077")}


def new_vip(vip: VipCaller, one: Field, customer: Customer) -> VipCaller:
    text = (
        customer.employees[0].id
        if one.kind is Kind.PERSON
        else (VIP_NAMES.get(one.name) or TEXTS[one.kind])[0]
    )
    typed = texts_of(VIP_CALLER, vip) | {one.name: text}
    after = vip_entries.read(typed, "DE", [person.id for person in customer.employees], vip_id=vip.id)
    assert isinstance(after, VipCaller)
    return after


async def a_vip(served: Served) -> VipCaller:
    return next(one for one in (await served.company()).vip_callers if one.name in {"Haus Vogt", "Neu"})


def test_a_vip_caller_and_its_table_hold_what_is_declared() -> None:
    assert {one.of_model for one in VIP_CALLER} == {one.name for one in fields(VipCaller)} - {"id"}
    assert {*columns(VIP_CALLER)} == {*tables.vip_caller.c.keys()} - {"id", "customer_id"}


@pytest.mark.parametrize("one", VIP_CALLER, ids=lambda one: one.name)
async def test_page_and_files_have_each_field_of_a_vip_caller(client: Client, one: Field) -> None:
    served = client.served
    customer, before = await served.company(), await a_vip(served)
    after = new_vip(before, one, customer)
    page = await client.get(f"/portal/vip-kunden/{before.id}")
    assert f'name="{one.name}"' in page.text

    answer = await client.post(f"/portal/vip-kunden/{before.id}", texts_of(VIP_CALLER, after))

    stored = next(vip for vip in (await served.company()).vip_callers if vip.id == before.id)
    assert stored == after != before
    read = table("".join(vip_csv.export(await served.company(), FileLanguage.DE)).lstrip("\ufeff"), ";")
    await client.post("/portal/rueckgaengig", {"step": answer.path.rpartition("step=")[2]})
    assert await a_vip(served) == before
    assert isinstance(read, Table)
    plan = at_once(vip_csv.plan(read, customer, str))
    assert isinstance(plan, ImportPlan)
    assert [(item.after, item.fields) for item in plan.changed] == [(after, (one.name,))]


@pytest.mark.parametrize(
    "one", [one for one in VIP_CALLER if one.kind is not Kind.PERSON], ids=lambda one: one.name
)
async def test_the_operators_file_says_each_field_of_a_vip_caller(served: Served, one: Field) -> None:
    customer, before = await served.company(), await a_vip(served)
    after = new_vip(before, one, customer)
    company = {"name": customer.name, "tariff": customer.tariff.name, "greeting": customer.greeting}
    said = {each.key: text for each in VIP_CALLER if (text := texts_of([each], after)[each.name])}

    done = await import_document(served.db, {"customer": [company | {"vip": [said]}]}, NOW, str.upper)

    assert isinstance(done, Imported), done
    found = [vip for vip in (await served.company()).vip_callers if vip.employee_id is None]
    assert [texts_of(VIP_CALLER, vip) for vip in found] == [texts_of(VIP_CALLER, after)]


def new_setting(customer: Customer, one: Field) -> Customer:
    own = {
        "greeting": "Neu, mein Name ist [Vorname].",
        "state": "BY",
        "zone": "Europe/Vienna",
        "region": "AT",
    }
    read = read_company({one.name: own.get(one.name) or TEXTS[one.kind][0]}, customer)
    assert isinstance(read, Customer)
    return read


def test_a_company_and_its_table_hold_what_is_declared() -> None:
    own = {"id", "name", "tariff", "tariff_id", "version", "created_at", "changed_at"}
    own |= {"service", "service_since"}  # the house decides; no form and no file has it
    assert {one.of_model for one in CUSTOMER} == {one.name for one in fields(CustomerSettings)} - own
    answering = {
        "team_id",
        "overflow_after",
        "overflow_team_id",
        "language",
    }  # the operator's, by a form of its own
    assert {*columns(CUSTOMER)} == {*tables.customer.c.keys()} - own - answering


@pytest.mark.parametrize("one", on_form(CUSTOMER), ids=lambda one: one.name)
async def test_the_page_of_the_company_reads_each_setting_and_undoing_puts_it_back(
    client: Client, one: Field
) -> None:
    served = client.served
    before = await served.company()
    after = new_setting(before, one)
    page = await client.get("/portal/unternehmen")
    assert f'name="{one.name}"' in page.text

    answer = await client.post("/portal/unternehmen", texts_of(CUSTOMER, after))

    assert "said=company_saved" in answer.path, answer.text
    assert (
        texts_of(CUSTOMER, await served.company()) == texts_of(CUSTOMER, after) != texts_of(CUSTOMER, before)
    )
    await client.post("/portal/rueckgaengig", {"step": answer.path.rpartition("step=")[2]})
    assert texts_of(CUSTOMER, await served.company()) == texts_of(CUSTOMER, before)


@pytest.mark.parametrize("one", CUSTOMER, ids=lambda one: one.name)
async def test_the_operators_file_says_each_setting(served: Served, one: Field) -> None:
    before = await served.company()
    after = new_setting(before, one)
    value = getattr(after, one.of_model)
    company = {"name": before.name, "tariff": before.tariff.name, "greeting": before.greeting}

    done = await import_document(served.db, {"customer": [company | {one.key: value}]}, NOW, str.upper)

    assert isinstance(done, Imported), done
    assert (
        texts_of(CUSTOMER, await served.company()) == texts_of(CUSTOMER, after) != texts_of(CUSTOMER, before)
    )


@pytest.mark.parametrize("one", [one for one, _ in noticed(CUSTOMER)], ids=lambda one: one.name)
async def test_agents_hear_of_a_setting_that_says_so(served: Served, one: Field) -> None:
    before = await served.company()
    (told,) = change_feed.changes(before, new_setting(before, one))
    assert told.kind == (one.notice and one.notice.kind)
