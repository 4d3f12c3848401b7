"""What an import file does not name is left as it is: every optional key, alone and in pairs."""

from __future__ import annotations

import copy
import itertools
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pbx_bridge.importing.importer import Imported, import_document
from pbx_bridge.storage.access import accounts, agents
from pbx_bridge.storage.billing import prices
from pbx_bridge.storage.customers import customers, lines
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import vip_callers
from rules.model import Customer, Employee, VipCaller
from tests.sample_company import NOW
from tests.unit.importing.import_keys import ALL, OF_COMPANY, OF_EMPLOYEE, vips_of

MANUAL = Path(__file__).parents[3] / "docs" / "import.md"
ERIKA, JENS = "Erika Beispiel", "Meier, Jens"


def pairs() -> Iterable[tuple[tuple[str, str], ...]]:
    """All of one table, and each key of one with some key of the other."""
    company, employee = ([key for key in ALL if key[0] == place] for place in ("customer", "employee"))
    yield from itertools.combinations(company, 2)
    yield from itertools.combinations(employee, 2)
    yield from zip(employee, itertools.cycle(company), strict=False)


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The example of the manual, which names every key."""
    for variable in ("ANNA_PASSWORD", "OPERATOR_PASSWORD"):
        monkeypatch.setenv(variable, "drei Birnen am Baum")
    return tomllib.loads(MANUAL.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0])


async def stored(db: Database) -> Customer:
    async with db.read() as conn:
        (customer,) = await customers.load_all(conn)
    return customer


def erika_of(customer: Customer) -> Employee:
    return next(one for one in customer.employees if one.family_name == "Beispiel")


def seen(customer: Customer) -> dict[tuple[str, str], Any]:
    """Every optional key as it is stored, and what no test file ever names."""
    erika = erika_of(customer)
    found = {("customer", name): key.read(customer) for name, key in OF_COMPANY.items()}
    found |= {("employee", name): key.read(erika) for name, key in OF_EMPLOYEE.items() if name != "vip"}
    found["employee", "vip"] = len(vips_of(customer, erika.id))
    jens = next(one for one in customer.employees if one.family_name == "Meier")
    return found | {("others", "Jens"): (jens, vips_of(customer, jens.id))}


def a_file(example: Mapping[str, Any], named: Iterable[tuple[str, str]], turn: Mapping[Any, int]) -> Any:
    """Only the required keys, and these."""
    whole = example["customer"][0]
    company = {name: whole[name] for name in ("name", "tariff", "greeting")}
    employee: dict[str, Any] = {"name": ERIKA}
    for place, name in named:
        keys, table = (OF_COMPANY, company) if place == "customer" else (OF_EMPLOYEE, employee)
        table[name] = keys[name].values[turn[place, name]][0]
    return {"customer": [company | {"employee": [employee]}]}


def expected(place: str, name: str, turn: int) -> Any:
    return (OF_COMPANY if place == "customer" else OF_EMPLOYEE)[name].values[turn][1]


async def load(db: Database, document: Mapping[str, Any]) -> None:
    result = await import_document(db, document, NOW, str.upper)
    assert isinstance(result, Imported), result


async def test_a_file_with_the_required_keys_alone_changes_nothing(
    db: Database, example: dict[str, Any]
) -> None:
    await load(db, example)
    before = await stored(db)

    await load(db, a_file(example, [], {}))

    assert await stored(db) == before


async def test_each_key_alone_and_each_pair_changes_itself_and_nothing_else(
    sqlite_db: Database, example: dict[str, Any]
) -> None:
    """One long story: each file finds the state that the one before has left."""
    await load(sqlite_db, example)
    company = await stored(sqlite_db)
    jens = next(one for one in company.employees if one.family_name == "Meier")
    async with sqlite_db.write() as conn:  # whom no file names has lists of his own
        ohm = VipCaller(new_id(), "+491713920055", "Ohm", "", jens.id)
        await vip_callers.insert(conn, company.id, [ohm])
    turn = dict.fromkeys(ALL, 1)
    was = seen(await stored(sqlite_db))

    for named in [*((key,) for key in ALL), *pairs()]:
        for key in named:
            turn[key] = 1 - turn[key]
        await load(sqlite_db, a_file(example, named, turn))
        now = seen(await stored(sqlite_db))
        changed = {key: expected(*key, turn[key]) for key in named}
        assert now == was | changed, named
        was = now


@pytest.mark.parametrize("where", ["file", "company"])
async def test_a_file_that_replaces_sets_what_it_does_not_name_to_its_default(
    db: Database, example: dict[str, Any], where: str
) -> None:
    await load(db, example)
    before = await stored(db)
    document = a_file(example, [], {})
    (document if where == "file" else document["customer"][0])["replace"] = True

    await load(db, document)

    customer = await stored(db)
    erika = erika_of(customer)
    assert (customer.spoken_name, customer.default_email, customer.hue) == ("", "", 0)
    assert (customer.public_numbers, customer.faq, customer.asked_fields) == ((), (), ())
    assert (erika.email, erika.cc, erika.mobile, erika.deputy_id, erika.hours) == ("", (), "", None, None)
    assert customer.vip_callers == ()
    assert customer.employees[1] == before.employees[1], "who is not in the file stays"
    assert customer.blocked == before.blocked, "whom somebody blocked stays blocked"


async def test_in_a_list_what_stands_under_the_same_number_or_key_keeps_what_is_not_named(
    db: Database, example: dict[str, Any]
) -> None:
    await load(db, example)
    before = await stored(db)
    whole = example["customer"][0]
    document = a_file(example, [], {})
    bare = {
        "vip": ("number", "name"),
        "blocked": ("number",),
        "note_field": ("key", "label"),
    }
    for name, keys in bare.items():
        document["customer"][0][name] = [{key: entry[key] for key in keys} for entry in whole[name]]

    await load(db, document)

    assert await stored(db) == before


async def test_a_field_that_the_list_leaves_out_is_retired_and_stays_so(
    db: Database, example: dict[str, Any]
) -> None:
    await load(db, example)
    document = copy.deepcopy(example)
    document["customer"][0]["note_field"] = [{"key": "nr", "label": "Kundennummer", "kind": "number"}]
    for _ in range(2):
        await load(db, document)
        assert [(one.key, one.retired) for one in (await stored(db)).note_fields] == [
            ("nr", False),
            ("art", True),
        ]
    del example["customer"][0]["note_field"][0]["retired"]
    await load(db, example)
    assert [(one.key, one.retired) for one in (await stored(db)).note_fields] == [("art", True), ("nr", True)]


async def test_tariff_line_and_people_keep_what_is_not_named(db: Database, example: dict[str, Any]) -> None:
    """Nobody becomes operator, German, or no supervisor any more, because a file says less."""
    example["line"][0]["region"] = "AT"
    example["tariff"][0]["sms_price"] = "0.25"
    example["agent"][1]["locale"] = "en"
    await load(db, copy.deepcopy(example))
    before = await everything(db)

    await load(
        db,
        {
            "tariff": [{"name": tariff["name"]} for tariff in example["tariff"]],
            "line": [{"number": line["number"]} for line in example["line"]],
            "agent": [
                {key: one[key] for key in ("login", "given_name", "family_name", "interface")}
                for one in example["agent"]
            ],
            "user": [{"login": one["login"]} for one in example["user"]],
        },
    )

    assert await everything(db) == before


async def test_an_agent_is_no_user_by_leaving_out_the_role(db: Database, example: dict[str, Any]) -> None:
    await load(db, example)
    problems = await import_document(db, {"user": [{"login": "anna"}]}, NOW, str.upper)
    assert isinstance(problems, list)
    assert [problem.where for problem in problems] == ['user "anna" / role']


async def test_a_deputy_may_be_somebody_whom_the_file_does_not_name(
    db: Database, example: dict[str, Any]
) -> None:
    await load(db, example)
    document = a_file(example, [("employee", "deputy")], {("employee", "deputy"): 1})
    await load(db, document)
    customer = await stored(db)
    deputy = customer.employee(erika_of(customer).deputy_id)
    assert deputy is not None
    assert deputy.name == JENS


async def test_what_somebody_changes_while_the_file_is_read_is_not_put_back(
    db: Database, example: dict[str, Any]
) -> None:
    """Hashing passwords takes seconds; the portal goes on."""
    await load(db, example)

    def slowly(password: str) -> str:
        import asyncio

        async def edit() -> None:
            other = Database(db.url.render_as_string(hide_password=False))
            async with other.write() as conn:
                from sqlalchemy import text

                await conn.execute(text("UPDATE customer SET instruction = 'neu'"))
            await other.close()

        asyncio.run(edit())  # in the thread that hashes
        return password.upper()

    document = a_file(example, [], {}) | {"user": [{"login": "betrieb", "password": "ein-neues-kennwort"}]}
    result = await import_document(db, document, NOW, slowly)

    assert isinstance(result, Imported)
    assert (await stored(db)).instruction == "neu"


async def everything(db: Database) -> tuple[Any, ...]:
    async with db.read() as conn:
        tariffs = await customers.load_tariffs(conn)
        return (
            tariffs,
            [await prices.of_tariff(conn, tariff.id) for tariff in tariffs],
            await lines.load_all(conn),
            await accounts.load_all(conn),
            await agents.load_all(conn),
        )
