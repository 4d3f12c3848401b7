from __future__ import annotations

import copy
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pbx_bridge.importing import importer
from pbx_bridge.importing.importer import Imported, import_document
from pbx_bridge.importing.relative_dates import read_moment, read_span
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import accounts, agents
from pbx_bridge.storage.customers import customers, data_version, lines
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.editing import blocked_callers as blocked_callers_editing
from rules.model import BlockedCaller, BlockReason, Customer, FieldKind, PutThrough
from rules.text.dialling import DialRules
from tests.sample_company import NOW

MANUAL = Path(__file__).parents[3] / "docs" / "import.md"


def _plain(password: str) -> str:
    return f"hash of {password}"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The example of the manual, read as TOML."""
    for variable in ("ANNA_PASSWORD", "OPERATOR_PASSWORD"):
        monkeypatch.setenv(variable, "drei Birnen am Baum")
    return tomllib.loads(MANUAL.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0])


async def _mustermann(db: Database) -> Customer:
    async with db.read() as conn:
        (customer,) = await customers.load_all(conn)
    return customer


async def test_the_example_of_the_manual_loads_whole(db: Database, example: dict[str, Any]) -> None:
    assert await import_document(db, example, NOW, _plain) == Imported(1, 2, 5, ("Mustermann AG",))

    customer = await _mustermann(db)
    assert (customer.tariff.name, customer.tariff.put_through, customer.hue) == ("Vermittlung", True, 6)
    assert customer.public_numbers == ("+49302312510",)
    erika, jens = customer.employees
    assert (erika.given_name, erika.family_name, jens.name) == ("Erika", "Beispiel", "Meier, Jens")
    assert (erika.deputy_id, jens.deputy_id) == (jens.id, erika.id)
    assert (erika.mobile, erika.extension, jens.put_through) == (
        "+491713920001",
        "+493023125111",
        PutThrough.VIP,
    )
    assert {vip.pattern: vip.employee_id for vip in customer.vip_callers} == {
        "+4930231257*": None,
        "+491713920042": erika.id,
    }
    assert [(one.number, one.reason, one.remark) for one in customer.blocked] == [
        ("+493023125888", BlockReason.ADVERTISING, "Umfragen, täglich")
    ]
    assert [(field.key, field.kind) for field in customer.note_fields] == [("art", FieldKind.CHOICE)]
    urlaub = jens.appointments[0]
    assert (urlaub.start.isoformat(), urlaub.end.isoformat(), urlaub.all_day) == (
        "2026-11-22T00:00:00",
        "2026-11-28T00:00:00",
        True,
    )
    async with db.read() as conn:
        assert [(line.number, line.customer_id) for line in await lines.load_all(conn)] == [
            ("+493023125100", customer.id),
            ("+493023125900", None),
        ]
        staff = [(agent.interface, sorted(agent.languages)) for agent in await agents.load_all(conn)]
        assert staff == [("PJSIP/anna", ["de", "en"]), ("PJSIP/ben", ["de"])]
        people = {account.login: account for account in await accounts.load_all(conn)}
        found = await accounts.by_login(conn, " Anna ")
    assert found == (people["anna"], "hash of drei Birnen am Baum")
    assert {login: account.role.value for login, account in people.items()} == {
        "anna": "agent",
        "ben": "supervisor",
        "betrieb": "operator",
        "erika": "subaccount",
        "mustermann": "customer",
    }
    assert (people["erika"].customer_id, people["erika"].employee_id) == (customer.id, erika.id)


async def test_loading_again_changes_nothing_and_keeps_every_id(
    db: Database, example: dict[str, Any]
) -> None:
    await import_document(db, example, NOW, _plain)
    before = await _mustermann(db)

    assert await import_document(db, example, NOW, _plain) == Imported(1, 2, 5, ())

    assert await _mustermann(db) == before


async def test_a_changed_file_changes_what_it_names(db: Database, example: dict[str, Any]) -> None:
    await import_document(db, example, NOW, _plain)
    before = await _mustermann(db)
    company = copy.deepcopy(example["customer"][0]) | {"hue": 7, "faq": [], "lines": []}
    company["employee"] = [
        company["employee"][0] | {"name": "Beispiel, Erika", "deputy": "", "position": "Vorständin"}
    ]

    changed = await import_document(db, {"customer": [company]}, NOW, _plain)

    assert isinstance(changed, Imported)
    assert changed.changed == ("Mustermann AG",)
    after = await _mustermann(db)
    assert (after.hue, after.faq, len(after.employees)) == (7, (), 2)
    erika = after.employee(before.employees[0].id)
    assert erika is not None
    assert (erika.position, erika.deputy_id) == ("Vorständin", None)
    assert after.vip_callers == before.vip_callers
    assert after.version > before.version
    async with db.read() as conn:
        assert await data_version.current(conn) >= after.version


async def test_whom_others_blocked_stays_blocked(db: Database, example: dict[str, Any]) -> None:
    await import_document(db, example, NOW, _plain)
    theirs = BlockedCaller("b", "+493023125999")
    async with db.write() as conn:
        await blocked_callers_editing.insert(conn, (await _mustermann(db)).id, theirs, None, NOW)
    example["customer"][0]["blocked"][0] |= {"remark": "lästig"}

    await import_document(db, example, NOW, _plain)

    numbers = {one.number: one.remark for one in (await _mustermann(db)).blocked}
    assert numbers == {"+493023125888": "lästig", theirs.number: ""}


@pytest.mark.parametrize("number", ["112", "+49 171 3920042", "+49 171 3920001", "+49 30 23125-100"])
async def test_who_cannot_be_blocked_is_a_problem(db: Database, example: dict[str, Any], number: str) -> None:
    example["customer"][0]["blocked"] = [{"number": number}]
    problems = await import_document(db, example, NOW, _plain)
    assert isinstance(problems, list)
    assert "blocked" in str(problems[0])


async def test_all_problems_come_in_one_list_and_nothing_is_stored(
    db: Database, example: dict[str, Any]
) -> None:
    company = example["customer"][0]
    company |= {
        "greeting": "Mein Name ist [Anna Keller].",
        "tariff": "Gratis",
        "colour": "red",
        "zone": "Mars/Base",
    }
    erika, jens = company["employee"]
    erika |= {
        "mobile": "030 23125111",
        "email": "a@example.org, b@example.org",
        "deputy": "Niemand",
        "sms": "ja",
    }
    jens |= {"name": "Erika Beispiel"}
    jens["appointment"][0] |= {"from": "tomorrow"}
    example["agent"][0] |= {"password_env": "NOT_SET"}
    example["user"][1] |= {"customer": "Musterfrau AG"}

    problems = await import_document(db, example, NOW, _plain)

    assert isinstance(problems, list)
    places = {problem.where for problem in problems}
    mustermann = 'customer "Mustermann AG"'
    assert places == {
        f"{mustermann} / colour",
        f"{mustermann} / greeting",
        f"{mustermann} / tariff",
        f"{mustermann} / zone",
        f"{mustermann} / employee",
        f'{mustermann} / employee "Erika Beispiel" / deputy',
        f'{mustermann} / employee "Erika Beispiel" / email',
        f'{mustermann} / employee "Erika Beispiel" / mobile',
        f'{mustermann} / employee "Erika Beispiel" / sms',
        f'{mustermann} / employee "Erika Beispiel" / appointment "Urlaub, Rückrufe danach" / from, until',
        'agent "anna" / password',
        'user "mustermann" / customer',
    }
    assert all(problem.what and problem.remedy for problem in problems)
    async with db.read() as conn:
        assert await customers.load_all(conn) == ()


@pytest.mark.parametrize(
    "text,expected",
    [
        ("today", date(2026, 11, 23)),
        ("today+3", date(2026, 11, 26)),
        ("today-23", date(2026, 10, 31)),
        ("2026-02-28", date(2026, 2, 28)),
        ("2026-02-30", None),
        ("today 14:00", datetime(2026, 11, 23, 14, 0)),  # noqa: DTZ001 - local time of the customer
        ("today 25:00", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_dates(text: str, expected: date | None) -> None:
    assert read_moment(text, date(2026, 11, 23)) == expected


@pytest.mark.parametrize(
    "start,until", [("today+1", "today"), ("today", "today 14:00"), ("today 14:00", "today 14:00")]
)
def test_what_is_no_span(start: str, until: str) -> None:
    assert read_span(start, until, date(2026, 11, 23)) is None


async def test_today_is_the_customers_day(db: Database, example: dict[str, Any]) -> None:
    await import_document(db, example, datetime(2026, 11, 23, 23, 30, tzinfo=UTC), _plain)

    assert (await _mustermann(db)).employees[1].appointments[
        0
    ].start.day == 23  # today-1 of the 24th in Berlin


async def test_the_command_says_what_is_wrong(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dataclasses import replace

    settings = replace(Settings(), database=replace(Settings().database, url=sqlite_url))
    file = tmp_path / "house.toml"

    file.write_text("[[tariff]\n")
    assert await importer.import_file(settings, file, _plain) == 2
    assert "house.toml is no TOML file" in capsys.readouterr().err

    file.write_text('[[tariff]]\nname = "Basis"\nsms_price = "viel"\n')
    assert await importer.import_file(settings, file, _plain) == 2
    assert 'tariff "Basis" / sms_price: "viel" is no price.' in capsys.readouterr().err

    file.write_text('[[tariff]]\nname = "Basis"\nsms_parts = 3\n')
    assert await importer.import_file(settings, file, _plain) == 2
    assert 'tariff "Basis" / sms_parts: 3 is out of range.' in capsys.readouterr().err

    file.write_text('[[tariff]]\nname = "Basis"\nsms_parts = 2\n')
    assert await importer.import_file(settings, file, _plain) == 0

    empty = replace(settings, database=replace(settings.database, url=f"sqlite:///{tmp_path}/empty.db"))
    assert await importer.import_file(empty, file, _plain) == 1
    assert "pbx-bridge db upgrade" in capsys.readouterr().err


@pytest.mark.parametrize(
    "extension, stored, reason",
    [
        ("23", "23", ""),
        ("030 23125-111", "+493023125111", ""),
        ("9000", "", "9000 may not be dialled (internal)"),
        ("112", "", "112 may not be dialled (emergency)"),
        ("0900 1234567", "", "0900 1234567 may not be dialled (premium)"),
        ("oben", "", "oben is no telephone number"),
    ],
)
async def test_an_extension_is_one_that_the_operator_lets_us_dial(
    db: Database, example: dict[str, Any], extension: str, stored: str, reason: str
) -> None:
    example["customer"][0]["employee"][0]["extension"] = extension
    loaded = await import_document(db, example, NOW, _plain, DialRules(internal="[1-8][0-9]{1,3}"))
    if reason:
        assert isinstance(loaded, list)
        assert [problem.what for problem in loaded] == [reason]
    else:
        assert {one.extension for one in (await _mustermann(db)).employees} >= {stored}
