from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pbx_bridge.portal.completeness.pages import path_of
from pbx_bridge.web.i18n import catalogue
from rules.calls.greeting import GreetingFault
from rules.customers.completeness import Gap, check
from rules.model import PutThrough
from rules.text.dialling import DialRules
from tests.rules.sample_facts import ERIKA, JENS, MONDAY_TEN, MUSTERMANN
from tests.unit.portal.conftest import Client
from tests.unit.portal.serving import Served


@pytest.mark.parametrize("locale", ["de", "en"])
def test_everything_that_can_be_missing_has_words(locale: str) -> None:
    known = catalogue("portal", locale)
    assert [gap for gap in Gap if f"completeness.gap.{gap}" not in known] == []
    assert [fault for fault in GreetingFault if f"completeness.gap.greeting_{fault}" not in known] == []


async def test_every_link_opens_the_field_that_it_names(client: Client, served: Served) -> None:
    """With a company in which as much as possible is missing."""
    company = await served.company()
    erika, jens = company.employees
    broken = replace(
        company,
        greeting="Guten Tag.",
        instruction="Bis 18.10.2026 geschlossen.",
        employees=(
            replace(erika, email="", cc=(), extension="", sms=True, absence_info="Im Urlaub bis 18.10.2026."),
            replace(jens, extension="0900", put_through=PutThrough.VIP),
        ),
        vip_callers=(),
    )
    found = check(broken, MONDAY_TEN, DialRules())
    assert {"greeting", "instruction", "default_email", "email", "mobile", "extension", "deputy"} <= {
        finding.field for finding in found
    }
    for finding in found:
        path, _, field = path_of(finding).partition("#")
        answer = await client.get(path)
        assert answer.status == 200, path
        assert re.search(rf'<(input|textarea|select)[^>]* id="{field}"', answer.text), (path, field)


async def test_without_employees_the_link_leads_to_their_list(client: Client) -> None:
    (finding,) = (
        one
        for one in check(replace(MUSTERMANN, employees=()), MONDAY_TEN, DialRules())
        if one.code is Gap.NO_EMPLOYEES
    )
    assert (await client.get(path_of(finding))).status == 200


async def test_the_badge_counts_what_keeps_calls_from_arriving(client: Client, served: Served) -> None:
    errors = [
        one for one in check(await served.company(), served.now, DialRules()) if one.severity == "error"
    ]
    assert errors
    page = await client.get("/portal/vollstaendigkeit")
    assert re.search(rf'class="gaps"[^>]*><span aria-hidden="true">{len(errors)}</span>', page.text)
    assert "*21*03023125100#" in page.text
    assert "**62*03023125100#" in page.text


def test_the_cast_is_complete() -> None:
    """Else the tests above would find what they did not break."""
    assert check(replace(MUSTERMANN, employees=(ERIKA, JENS)), MONDAY_TEN, DialRules()) == ()
