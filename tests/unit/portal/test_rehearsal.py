from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession

from pbx_bridge.portal.rehearsal.form import example_of, read, ways
from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.i18n import catalogue
from rules.calls.identify import CalledBy
from rules.calls.rehearsal import RehearsalReason
from rules.calls.transfer import TransferRefusal
from rules.model import Line, VipCaller
from rules.outbox.notification import Told
from rules.text.dialling import DialRules
from rules.text.phone_numbers import matches
from tests.rules.sample_facts import ANNA, MONDAY_TEN, MUSTERMANN
from tests.unit.portal.conftest import Client, jar
from tests.unit.portal.serving import Served, serving

OWN = Line("own", "+493023125100", customer_id=MUSTERMANN.id)
FOREIGN = Line("foreign", "+493023125200", customer_id="brandt")
SHARED = Line("shared", "+493023125900")
ASKED = {"way": "+493023125100~", "caller": "withheld", "day": "2026-11-24", "time": "10:00", "employee": ""}


@pytest.mark.parametrize("locale", ["de", "en"])
def test_every_reason_has_words(locale: str) -> None:
    known = catalogue("portal", locale)
    wanted = [f"rehearsal.why.{why}" for why in RehearsalReason]
    wanted += [f"rehearsal.called.{how}" for how in CalledBy]
    wanted += [f"rehearsal.refusal.{code}" for code in TransferRefusal]
    wanted += [f"rehearsal.because_told.{told}" for told in Told]
    assert [key for key in wanted if key not in known] == []


def test_no_other_companys_line_can_be_rehearsed() -> None:
    found = ways(MUSTERMANN, [OWN, FOREIGN, SHARED])
    assert [(way.line.id, way.forwarded_from) for way in found] == [("own", ""), ("shared", "+493023125000")]
    form, asked = read(ASKED | {"way": "+493023125200~"}, MUSTERMANN, found, ANNA, MONDAY_TEN)
    assert asked is None
    assert form.faults["way"].code == "rehearsal_way"


def test_a_day_without_its_year_is_the_nearest() -> None:
    _, asked = read(ASKED | {"day": "2.1."}, MUSTERMANN, ways(MUSTERMANN, [OWN]), ANNA, MONDAY_TEN)
    assert asked is not None
    assert f"{asked.question.moment:%Y-%m-%d}" == "2027-01-02"


@pytest.mark.parametrize(
    "wrong, field, code",
    [
        ({"day": "gestern"}, "day", "rehearsal_moment"),
        ({"day": "9999-12-31"}, "day", "rehearsal_moment"),
        ({"time": "25:00"}, "time", "rehearsal_moment"),
        ({"day": "2027-03-28", "time": "02:30"}, "time", "rehearsal_gap"),
        ({"caller": "number", "number": "12"}, "number", "rehearsal_number"),
        ({"caller": "vip", "vip": "gone"}, "vip", "rehearsal_vip"),
    ],
)
def test_a_question_that_cannot_be_answered_names_its_field(
    wrong: dict[str, str], field: str, code: str
) -> None:
    form, asked = read(ASKED | wrong, MUSTERMANN, ways(MUSTERMANN, [OWN]), ANNA, MONDAY_TEN)
    assert asked is None
    assert form.faults[field].code == code


@pytest.mark.parametrize("pattern", ["+491713920042", "+49171392*", "+4930*", "+493023125*"])
def test_a_number_block_is_tried_with_a_number_of_it(pattern: str) -> None:
    assert matches(pattern, example_of(VipCaller("vip", pattern, "Haus Vogt"), "DE"))


async def test_a_company_without_employees_and_address_is_told_so(client: Client, served: Served) -> None:
    page = await client.get(f"/portal/probeanruf?{urlencode(ASKED)}")
    assert page.status == 200
    assert "Niemand bekäme Bescheid" in page.text
    await client.get(f"/portal/probeanruf?{urlencode(ASKED | {'day': 'x'})}")
    assert client.last is not None
    assert client.last.status == 422


@pytest.mark.parametrize(
    "internal, words",
    [
        ("[1-8][0-9]", '<span class="hint">23 · '),
        ("3[0-9]", "Diese interne Durchwahl können wir nicht wählen."),
        ("", "Diese Durchwahl ist zu kurz; interne Durchwahlen erreichen wir nicht."),
    ],
)
async def test_an_internal_extension_is_rung_or_refused_with_the_reason(
    sqlite_db: Database, internal: str, words: str
) -> None:
    rules = DialRules(internal=internal)
    async with (
        serving(sqlite_db, lambda portal: replace(portal, dial_rules=rules)) as served,
        ClientSession(cookies={"session": await served.cookie()}, cookie_jar=jar()) as session,
    ):
        async with sqlite_db.write() as conn:
            await conn.execute(tables.employee.update().values(extension="23", deputy_id=None))
        asked = ASKED | {"employee": served.house.erika}
        page = await Client(served, session).get(f"/portal/probeanruf?{urlencode(asked)}")
    assert words in page.text


@pytest.mark.parametrize("sms_on", [True, False])
async def test_an_sms_that_would_not_go_out_is_said_not_to(sqlite_db: Database, sms_on: bool) -> None:
    async with (
        serving(sqlite_db, lambda portal: replace(portal, sms_on=sms_on)) as served,
        ClientSession(cookies={"session": await served.cookie()}, cookie_jar=jar()) as session,
    ):
        async with sqlite_db.write() as conn:
            await conn.execute(tables.employee.update().values(mobile="+491713920077", sms=True))
        asked = ASKED | {"employee": served.house.erika}
        page = await Client(served, session).get(f"/portal/probeanruf?{urlencode(asked)}")
    assert "<strong>SMS</strong>" in page.text
    assert ("Diese SMS geht nicht hinaus" in page.text) is not sms_on


NAMED = {
    # what the company's texts say → the numbers that the agent's screen has as buttons
    "Notdienst: 030 2312590. Sonst 0171 3920042": ["030 2312590", "0171 3920042"],
    "Zentrale 030 23125000": [],  # the company's own, which leads back to us
    "Leitung 030 23125100": [],  # a line of ours
    "Auskunft 0900 1234567": [],  # not past the wall
    "Keine Nummer": [],
}


@pytest.mark.parametrize("text", NAMED)
@pytest.mark.parametrize("confidential", [False, True])
async def test_numbers_outside_and_text_blocks_are_rehearsed(
    sqlite_db: Database, text: str, confidential: bool
) -> None:
    async with (
        serving(sqlite_db) as served,
        ClientSession(cookies={"session": await served.cookie()}, cookie_jar=jar()) as session,
    ):
        async with sqlite_db.write() as conn:
            await conn.execute(tables.customer.update().values(instruction=text, confidential=confidential))
            own = {"number": "+493023125000", "customer_id": served.house.customer_id}
            await conn.execute(tables.public_number.insert().values(own))
            await conn.execute(
                tables.text_block.insert().values(
                    id="b1",
                    customer_id=served.house.customer_id,
                    place=0,
                    name="Rückruf",
                    text="Bittet um Rückruf.",
                )
            )
        page = await Client(served, session).get(f"/portal/probeanruf?{urlencode(ASKED)}")
    shown = re.findall(r"<li><strong>([0-9 ]+)</strong>", page.text)
    assert shown == ([] if confidential else NAMED[text])
    assert "1 Textbaustein steht bereit" in page.text
    assert "Bittet um Rückruf." in page.text
