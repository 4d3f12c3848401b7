"""A file of the operator is judged as the portal judges its form."""

from __future__ import annotations

from typing import Any

import pytest

from pbx_bridge.importing.importer import Imported, import_document
from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from tests.sample_company import NOW

GREETING = "Guten Tag, mein Name ist [Vorname, Nachname]."


def a_file(**erika: Any) -> dict[str, Any]:
    company = {"name": "Mustermann AG", "tariff": "Basis", "greeting": GREETING}
    people = [{"name": "Erika Beispiel"} | erika, {"name": "Jens Meier"}]
    return {"tariff": [{"name": "Basis", "put_through": True}], "customer": [company | {"employee": people}]}


@pytest.mark.parametrize(
    "said, where",
    [
        ({"name": "4711"}, "name"),
        ({"position": "x" * 121}, "position"),
        ({"position": "zwei\nZeilen"}, "position"),
        ({"responsibility": "x" * 201}, "responsibility"),
        ({"email": "a@b"}, "email"),
        ({"email": "erika@mustermann..de"}, "email"),
        ({"cc": ["erika@mustermann.example", "a@b"]}, "cc"),
        ({"cc": [f"a{n}@mustermann.example" for n in range(21)]}, "cc"),
        ({"sms": True}, "mobile"),
        ({"vip_sms": True}, "mobile"),
        ({"sms": True, "mobile": "+49 30 23125111"}, "mobile"),
        ({"mobile": "drei"}, "mobile"),
        ({"mobile": "0171 3920042/-43"}, "mobile"),
        ({"deputy": "Beispiel, Erika"}, "deputy"),
        ({"deputy": "Niemand"}, "deputy"),
        ({"put_through": "all"}, "extension"),
        ({"put_through": "vip"}, "extension"),
        ({"extension": "112"}, "extension"),
        ({"extension": "oben"}, "extension"),
        ({"ring_seconds": 4}, "ring_seconds"),
        ({"ring_seconds": -1}, "ring_seconds"),
        ({"hours": "immer mal"}, "hours"),
        ({"absence_info": "x" * 1001}, "absence_info"),
    ],
    ids=str,
)
async def test_what_the_form_refuses_the_file_may_not_say(
    sqlite_db: Database, said: dict[str, Any], where: str
) -> None:
    problems = await import_document(sqlite_db, a_file(**said), NOW, str.upper)

    assert isinstance(problems, list), "it was stored"
    assert [one.where.rpartition(" / ")[2] for one in problems] == [where]
    assert all(one.what and one.remedy and "{" not in one.what + one.remedy for one in problems)


@pytest.mark.parametrize(
    "said, where",
    [
        ({"number": "oben"}, "number"),
        ({"number": "+49*"}, "number"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"info": "x" * 501}, "info"),
    ],
    ids=str,
)
async def test_a_vip_caller_is_judged_so_too(sqlite_db: Database, said: dict[str, Any], where: str) -> None:
    vip = {"number": "+49 171 3920042", "name": "Hans Müller"} | said
    document = a_file()
    document["customer"][0]["vip"] = [vip]

    problems = await import_document(sqlite_db, document, NOW, str.upper)

    assert isinstance(problems, list), "it was stored"
    assert [one.where.rpartition(" / ")[2] for one in problems] == [where]


@pytest.mark.parametrize(
    "said, where",
    [
        ({"default_email": "a@b"}, "default_email"),
        ({"default_email": "erika@mustermann..de"}, "default_email"),
        ({"greeting": ""}, "greeting"),
        ({"greeting": "Guten Tag."}, "greeting"),
        ({"greeting": "[Vorname]" + "x" * 500}, "greeting"),
        ({"spoken_name": "x" * 121}, "spoken_name"),
        ({"instruction": "x" * 4001}, "instruction"),
        ({"state": "Bayern"}, "state"),
        ({"hue": 12}, "hue"),
        ({"hue": -1}, "hue"),
    ],
    ids=str,
)
async def test_a_company_is_judged_so_too(sqlite_db: Database, said: dict[str, Any], where: str) -> None:
    document = a_file()
    document["customer"][0] |= said

    problems = await import_document(sqlite_db, document, NOW, str.upper)

    assert isinstance(problems, list), "it was stored"
    assert [one.where.rpartition(" / ")[2] for one in problems] == [where]
    assert all(one.what and one.remedy and "{" not in one.what + one.remedy for one in problems)


@pytest.mark.parametrize(
    "said, where",
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"from": "2036-12-30", "until": "2036-12-31"}, "from"),
        ({"from": "2027-03-28 02:30", "until": "2027-03-28 04:00"}, "from"),
    ],
    ids=str,
)
async def test_an_appointment_is_judged_so_too(sqlite_db: Database, said: dict[str, Any], where: str) -> None:
    appointment = {"text": "Urlaub", "from": "today", "until": "today+3"} | said

    problems = await import_document(sqlite_db, a_file(appointment=[appointment]), NOW, str.upper)

    assert isinstance(problems, list), "it was stored"
    assert problems[0].where.rpartition(" / ")[2] == where
    assert all(one.what and one.remedy and "{" not in one.what + one.remedy for one in problems)


async def test_what_the_form_takes_the_file_may_say(sqlite_db: Database) -> None:
    """Addresses as mail programs copy them, and the number of a desk where nobody wants SMS."""
    said = {"email": "Erika Beispiel <erika@mustermann.example>", "mobile": "030 23125-111"}

    assert isinstance(await import_document(sqlite_db, a_file(**said), NOW, str.upper), Imported)

    async with sqlite_db.read() as conn:
        (customer,) = await customers.load_all(conn)
    erika = next(one for one in customer.employees if one.family_name == "Beispiel")
    assert (erika.email, erika.mobile) == ("erika@mustermann.example", "+493023125111")


async def test_nought_is_the_default_of_a_number(sqlite_db: Database) -> None:
    """The first colour of twelve, and the ringing that the settings say."""
    document = a_file(ring_seconds=0)
    for hue in (7, 0):
        document["customer"][0]["hue"] = hue
        assert isinstance(await import_document(sqlite_db, document, NOW, str.upper), Imported)

    async with sqlite_db.read() as conn:
        (customer,) = await customers.load_all(conn)
    assert customer.hue == 0
    assert {one.ring_seconds for one in customer.employees} == {None}


async def test_what_was_stored_before_a_rule_does_not_keep_a_file_out_that_says_nothing_of_it(
    sqlite_db: Database,
) -> None:
    await import_document(sqlite_db, a_file(), NOW, str.upper)
    async with sqlite_db.write() as conn:
        await conn.execute(tables.employee.update().values(email="a@b", sms=True))

    assert await import_document(sqlite_db, a_file(), NOW, str.upper) == Imported(1, 2, 0, ())


@pytest.mark.parametrize("languages", [[], ["de", "xx"], ["Deutsch"]], ids=str)
async def test_an_agent_speaks_something_that_we_know(sqlite_db: Database, languages: list[str]) -> None:
    anna = {"login": "anna", "given_name": "Anna", "family_name": "Keller", "interface": "PJSIP/anna"}
    agent = anna | {"password": "drei Birnen am Baum", "languages": languages}
    problems = await import_document(sqlite_db, {"agent": [agent]}, NOW, str.upper)
    assert isinstance(problems, list), "it was stored"
    assert [one.where for one in problems] == ['agent "anna" / languages']
