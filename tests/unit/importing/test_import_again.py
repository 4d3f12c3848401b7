"""A file that is loaded every night: while it is, nobody else can store a note, so it writes what is new and
nothing else, and looks nothing up again for each company."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from pbx_bridge.importing import companies
from pbx_bridge.importing.importer import Imported, import_document, import_file
from pbx_bridge.settings import Settings
from pbx_bridge.storage.billing import prices
from pbx_bridge.storage.customers import customers, data_version, lines
from pbx_bridge.storage.db.engine import Database
from rules.billing.terms import BEGINNING
from tests.sample_company import NOW

TARIFFS = [{"name": "Basis", "put_through": False}, {"name": "Premium", "put_through": True}]


def company(number: int) -> dict[str, Any]:
    """With one of everything."""
    return {
        "name": f"Praxis {number:03}",
        "tariff": "Basis",
        "greeting": "Guten Tag, hier ist [Vorname, Nachname].",
        "default_email": "zentrale@praxis.example",
        "lines": [f"+49302312{number:04}"],
        "public_numbers": [f"+49302313{number:04}", f"+49302311{number:04}"],
        "vip": [{"number": "+49 171 3920042", "name": "Hans Müller"}],
        "blocked": [{"number": "+49 30 23125-888", "remark": "Umfragen"}],
        "faq": [{"question": "Wo?", "answer": "Hier."}, {"question": "Wann?", "answer": "Jetzt."}],
        "text_block": [{"name": "Angebot", "text": "{anrufer} fragt."}],
        "note_field": [{"key": "art", "label": "Art", "kind": "choice", "choices": ["neu", "alt"]}],
        "employee": [
            {
                "name": "Erika Beispiel",
                "cc": ["b@praxis.example", "a@praxis.example"],
                "deputy": "Jens Meier",
                "hours": "Mo–Do 8–17",
                "vip": [{"number": "+49 171 3920043", "name": "Amt"}],
                "appointment": [
                    {"text": "Kur", "from": "2026-12-24", "until": "2026-12-26"},
                    {"text": "Fort", "from": "2026-12-01 14:00", "until": "2026-12-01 15:00"},
                ],
            },
            {"name": "Jens Meier", "mobile": "+49 171 3920099", "sms": True},
        ],
    }


def house(many: int) -> dict[str, Any]:
    return {"tariff": TARIFFS, "customer": [company(number) for number in range(many)]}


async def load(db: Database, data: Mapping[str, Any]) -> Imported:
    result = await import_document(db, data, NOW, str.upper)
    assert isinstance(result, Imported), result
    return result


@contextmanager
def written(db: Database) -> Iterator[list[str]]:
    """The statements that change something."""
    found: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            found.append(statement)

    engine = db._writers.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_what_is_stored_already_is_not_written_again(db: Database) -> None:
    await load(db, house(12))
    with written(db) as nothing_new:
        assert (await load(db, house(12))).changed == ()
    with written(db) as few:
        assert (await load(db, house(2))).changed == ()
    assert nothing_new == few, "no company writes anything"

    changed = house(12)
    changed["customer"][7]["hue"] = 9
    with written(db) as one_new:
        assert (await load(db, changed)).changed == ("Praxis 007",)
    alone = {"tariff": TARIFFS, "customer": [changed["customer"][7] | {"hue": 8}]}
    with written(db) as alone_new:
        await load(db, alone)
    assert one_new == alone_new, "one that changed writes what it does alone"


async def test_a_tariff_of_all_is_changed_in_few_statements(db: Database) -> None:
    await load(db, house(12))
    async with db.read() as conn:
        before = await data_version.current(conn)

    with written(db) as told:
        done = await load(db, {"tariff": [TARIFFS[0] | {"put_through": True}]})

    assert done.changed == tuple(f"Praxis {number:03}" for number in range(12))
    assert sum(statement.startswith("UPDATE customer") for statement in told) == 1
    async with db.read() as conn:
        assert len(await customers.versions(conn, before)) == 12
        assert set((await customers.versions(conn)).values()) == {await data_version.current(conn)}


CHANGES: dict[str, dict[str, Any]] = {
    "greeting": {"greeting": "Hallo, [Vorname]."},
    "tariff": {"tariff": "Premium"},
    "another line": {"lines": ["+49 30 2312-9000"]},
    "public numbers": {"public_numbers": ["+49302313000"]},
    "order of questions": {"faq": company(0)["faq"][::-1]},
    "one question less": {"faq": company(0)["faq"][:1]},
    "a VIP's hint": {"vip": [company(0)["vip"][0] | {"info": "Sofort."}]},
    "why blocked": {"blocked": [company(0)["blocked"][0] | {"reason": "advertising"}]},
    "order of choices": {"note_field": [company(0)["note_field"][0] | {"choices": ["alt", "neu"]}]},
    "text block": {"text_block": []},
}
PEOPLE: dict[str, dict[str, Any]] = {
    "order of the name": {"name": "Beispiel, Erika"},
    "order of copies": {"cc": ["a@praxis.example", "b@praxis.example"]},
    "no deputy": {"deputy": ""},
    "hours": {"hours": "Mo–Do 8–16"},
    "own VIP": {"vip": []},
    "appointment": {"appointment": company(0)["employee"][0]["appointment"][:1]},
    "reachable": {
        "appointment": [
            one | {"reachable": True} for one in copy.deepcopy(company(0)["employee"][0]["appointment"])
        ]
    },
}


@pytest.mark.parametrize("what", [*CHANGES, *PEOPLE])
async def test_what_is_new_is_stored_as_if_it_were_the_first_time(sqlite_db: Database, what: str) -> None:
    data = house(1)
    await load(sqlite_db, data)
    whole = data["customer"][0]
    whole |= CHANGES.get(what, {})
    whole["employee"][0] |= PEOPLE.get(what, {})

    await load(sqlite_db, data)

    again = await load(sqlite_db, data)
    assert again.changed == ()
    stored = await told(sqlite_db)
    async with sqlite_db.write() as conn:
        for one in await customers.load_all(conn):
            await conn.exec_driver_sql("UPDATE employee SET deputy_id = NULL")
            await conn.exec_driver_sql(f"DELETE FROM customer WHERE id = '{one.id}'")  # noqa: S608 - our own
        await conn.exec_driver_sql("DELETE FROM line")
    await load(sqlite_db, data)
    fresh = await told(sqlite_db)
    if what == "another line":
        stored["lines"] = [
            number for number in stored["lines"] if number in fresh["lines"]
        ]  # the old one stays
    assert stored == fresh


async def told(db: Database) -> dict[str, Any]:
    """Everything of the one company, without ids and versions."""
    async with db.read() as conn:
        (one,) = await customers.load_all(conn)
        held = await lines.load_all(conn)
    names = {each.id: each.name for each in one.employees}
    people = [
        replace(
            each,
            id="",
            deputy_id=names.get(each.deputy_id or ""),
            appointments=tuple(replace(a, id="") for a in each.appointments),
        )
        for each in one.employees
    ]
    vips = [replace(each, id="", employee_id=names.get(each.employee_id or "")) for each in one.vip_callers]
    blank = replace(
        one,
        id="",
        version=0,
        changed_at=None,
        tariff=replace(one.tariff, id=""),
        employees=tuple(people),
        vip_callers=tuple(vips),
        blocked=tuple(replace(each, id="") for each in one.blocked),
        faq=tuple(replace(each, id="") for each in one.faq),
        text_blocks=tuple(replace(each, id="") for each in one.text_blocks),
    )
    return {"company": blank, "lines": [line.number for line in held if line.customer_id == one.id]}


async def test_the_time_zones_are_looked_up_once(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = list[int]()

    def look() -> set[str]:
        looks.append(1)
        return {"Europe/Berlin"}

    monkeypatch.setattr(companies, "available_timezones", look)
    companies._zones.cache_clear()
    try:
        await load(sqlite_db, house(5))
    finally:
        companies._zones.cache_clear()
    assert len(looks) == 1


async def test_many_changed_companies_are_counted_and_not_all_named(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = replace(Settings(), database=replace(Settings().database, url=sqlite_url))
    rows = [
        f'[[customer]]\nname = "Praxis {number:03}"\ntariff = "Basis"\ngreeting = "Hier ist [Vorname]."'
        for number in range(60)
    ]
    file = tmp_path / "house.toml"
    file.write_text("\n".join(['[[tariff]]\nname = "Basis"', *rows]))

    assert await import_file(settings, file, str.upper) == 0

    said = capsys.readouterr().out
    assert "Praxis 000, Praxis 001" in said
    assert said.endswith("and 40 more\n")
    assert len(said) < 500


async def test_prices_and_tariffs_hold_from_the_day_on_which_they_are_loaded(sqlite_db: Database) -> None:
    """What was used before keeps its price, however often the file is loaded."""
    dearer = {"tariff": [TARIFFS[0] | {"sms_price": "0.25"}, TARIFFS[1]]}
    moved = {"tariff": TARIFFS, "customer": [company(0) | {"tariff": "Premium"}]}
    for data in (house(1), house(1), dearer, dearer, moved, moved, dearer):
        await load(sqlite_db, data)
    async with sqlite_db.read() as conn:
        by_name = {tariff.name: tariff.id for tariff in await customers.load_tariffs(conn)}
        basis, premium = [await prices.of_tariff(conn, by_name[name]) for name in ("Basis", "Premium")]
        (one,) = await customers.load_all(conn)
        held = await prices.of_company(conn, one.id)
    today = NOW.date()
    assert [(terms.first_day, terms.sms_micros) for terms in basis] == [
        (BEGINNING, 100_000),
        (today, 250_000),
    ]
    assert [(terms.first_day, terms.sms_micros) for terms in premium] == [(BEGINNING, 100_000)]
    assert [(terms.first_day, terms.last_day, terms.sms_micros) for terms in held] == [
        (BEGINNING, today - timedelta(days=1), 100_000),
        (today, date.max, 100_000),
    ]
