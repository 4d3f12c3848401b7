"""Reports: figures of the right calls, told apart and in order; faults with their remedy; files."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.calls import Outcome, StoredCall
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.web.kit import workbook_reading
from rules.vocabulary import EndReason
from tests.sample_company import NOW
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/berichte"


@pytest.fixture
async def busy(office: OfficeSite) -> OfficeSite:
    """Monday at ten: Anna answers two calls of three, one of them in time; one on the Friday before."""
    house = office.house
    async with office.db.write() as conn:
        for number, (days, wait) in enumerate(((0, 5), (0, 45), (3, 5))):
            at = NOW - timedelta(days=days)
            call = StoredCall(
                new_id(), f"c{number}", "+493023125100", at, house.customer_id, agent_id=house.anna,
                answered_at=at + timedelta(seconds=wait), outcome=Outcome.NOTED,
            )  # fmt: skip
            assert await calls.insert(conn, call)
            await calls.ended(conn, call.id, at + timedelta(seconds=wait + 90), "caller")
            await usage.call_over(conn, call.id, EndReason.CALLER)
        lost = StoredCall(
            new_id(), "lost", "+493023125999", NOW, None, ended_at=NOW, outcome=Outcome.ABANDONED
        )
        assert await calls.insert(conn, lost)
    return office


def rows(page: str) -> list[list[str]]:
    """The cells of the report."""
    table = page.partition('<table class="list report')[2].partition("<tbody>")[2].partition("</table>")[0]
    return [
        [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        for row in table.split("</tr>")[:-1]
    ]


async def test_this_week_by_company_comes_first(busy: OfficeSite) -> None:
    status, page = await busy.see(PATH)
    assert status == 200
    assert rows(page) == [
        ["Mustermann AG", "2", "50 %", "0 %", "0:25 min", "–", "0", "1:30 min"],
        ["kein Unternehmen", "1", "0 %", "100 %", "–", "–", "0", "–"],
    ]
    assert "Die Uhr läuft ab dem Eintreffen" in page
    assert 'class="chart"' in page


async def test_other_ways_to_tell_calls_apart(busy: OfficeSite) -> None:
    span = "period=custom&first=2026-11-20&last=2026-11-23"
    for asked, found in (
        (f"by=day&{span}", [("Fr 20.11.", "1"), ("Sa 21.11.", "0"), ("So 22.11.", "0"), ("Mo 23.11.", "3")]),
        (f"by=hour&{span}", [("10 Uhr", "4")]),
        (f"by=agent&{span}", [("Anna Keller", "3"), ("von niemandem angenommen", "1")]),
        (
            f"by=day&{span}&sort=calls",
            [("Mo 23.11.", "3"), ("Fr 20.11.", "1"), ("Sa 21.11.", "0"), ("So 22.11.", "0")],
        ),
        (f"firma=muster&{span}", [("Mustermann AG", "3")]),
        (f"agent={busy.house.anna}&{span}", [("Mustermann AG", "3")]),
        (f"agent={busy.house.ben}&{span}", []),
    ):
        status, page = await busy.see(f"{PATH}?{asked}")
        shown = [(row[0], row[1]) for row in rows(page)]
        assert (status, shown) == (200, found), asked


async def test_a_question_with_a_fault_says_which_field_and_what_to_do(busy: OfficeSite) -> None:
    for asked, field, words in (
        ("period=custom&first=x&last=2026-11-23", "first", "kein Tag im Kalender"),
        ("period=custom&first=2026-11-23&last=2026-11-20", "last", "vor dem ersten"),
        ("period=custom&first=2026-01-01&last=2026-11-20", "first", "mehr als drei Monate"),
        ("firma=Sommer", "firma", "kein Unternehmen bekannt"),
        (f"firma={'x' * 101}", "firma", "101"),
    ):
        status, page = await busy.see(f"{PATH}?{asked}")
        told = re.search(rf'id="{field}-fault">([^<]*)', page)
        assert status == 422, asked
        assert told, asked
        assert words in told[1], asked
        assert (await busy.see(f"{PATH}.csv?{asked}"))[0] == 400
    year = "period=custom&first=2026-01-01&last=2026-11-23&firma=Mustermann AG"
    assert (await busy.see(f"{PATH}?{year}"))[0] == 200


async def test_the_files_have_the_counts_behind_the_shares(busy: OfficeSite) -> None:
    _, csv = await busy.see(f"{PATH}.csv")
    lines = csv.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("Unternehmen;Anrufe;Angenommen;Rechtzeitig;")
    assert lines[1] == "Mustermann AG;2;2;1;50;0;0;25;0;0;;0;2;90"
    async with busy.browsers[busy.login].get(f"{PATH}.xlsx") as answer:
        book = await answer.read()
        assert "bericht-company-2026-11-23-2026-11-23.xlsx" in answer.headers["Content-Disposition"]
    cells = list(workbook_reading.rows(io.BytesIO(book).getvalue()))
    assert [one[:3] for one in cells] == [
        ["Unternehmen", "Anrufe", "Angenommen"],
        ["Mustermann AG", "2", "2"],
        ["kein Unternehmen", "1", "0"],
    ]
