"""Every page of the house's office over a generated house, with all that its lists may be asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import aiohttp

from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.cookies import SessionCookie
from tests.generated_house import CALLS, LOG_INS, fill
from tests.whole_site import WholeSite, whole_site

_A = "/admin"
LISTS: Mapping[str, str] = {
    "start page": _A,
    "companies": f"{_A}/unternehmen",
    "companies, last page": f"{_A}/unternehmen?page={{last}}",
    "companies from Z": f"{_A}/unternehmen?sort=name_down",
    "companies, newest": f"{_A}/unternehmen?sort=newest&page=3",
    "companies, last changed": f"{_A}/unternehmen?sort=changed",
    "companies by a word": f"{_A}/unternehmen?q=sommer",
    "companies by two words": f"{_A}/unternehmen?q=weiß+00013&sort=changed",
    "companies by a word that none has": f"{_A}/unternehmen?q=niemand",
    "companies by a number": f"{_A}/unternehmen?q=030+231000012",
    "companies that lack something": f"{_A}/unternehmen?art=incomplete",
    "companies with failing calendars": f"{_A}/unternehmen?art=calendar",
    "companies at their allowance": f"{_A}/unternehmen?art=allowance_full",
    "companies near their allowance": f"{_A}/unternehmen?art=allowance_near&q=praxis",
    "companies without a line": f"{_A}/unternehmen?art=no_line",
    "companies not live": f"{_A}/unternehmen?art=not_live",
    "agents": f"{_A}/agenten",
    "agents by a word": f"{_A}/agenten?q=keller+1&sort=login",
    "agents by their access": f"{_A}/agenten?sort=access&richtung=ab",
    "teams": f"{_A}/teams",
    "one team": f"{_A}/teams/team1",
    "teams by a word": f"{_A}/teams?q=team&sort=members",
    "lines": f"{_A}/rufnummern",
    "lines by a word": f"{_A}/rufnummern?q=sommer",
    "lines by a number": f"{_A}/rufnummern?q=030+231000012",
    "free lines": f"{_A}/rufnummern?art=free",
    "holidays": f"{_A}/feiertage?land=BE",
    "tariffs": f"{_A}/tarife",
    "deliveries that are stuck": f"{_A}/zustellungen",
    "deliveries by company": f"{_A}/zustellungen?art=all&sort=whom&richtung=auf",
    "deliveries by a word": f"{_A}/zustellungen?art=all&q=sommer&weg=email",
    "deliveries under way": f"{_A}/zustellungen?art=under_way",
    "deliveries overdue": f"{_A}/zustellungen?art=overdue",
    "calls of nobody": f"{_A}/anrufe?art=unknown_line",
    "calls without a note": f"{_A}/anrufe?art=unnoted",
    "calls told to nobody": f"{_A}/anrufe?art=untold&page=2",
    "call backs": f"{_A}/rueckrufe",
    "call backs of all kinds": f"{_A}/rueckrufe?art=all&sort=company&richtung=auf",
    "call backs that were kept": f"{_A}/rueckrufe?art=kept&page=2",
    "call backs by a word": f"{_A}/rueckrufe?art=all&q=sommer",
    "call backs by a number": f"{_A}/rueckrufe?art=all&q=0171+392",
    "call search, a week": f"{_A}/anrufsuche",
    "call search by a number": f"{_A}/anrufsuche?nummer=%2B49171392000007&{{quarter}}",
    "call search by a company": f"{_A}/anrufsuche?firma=sommer+00012&{{quarter}}",
    "call search by many companies": f"{_A}/anrufsuche?firma=sommer",
    "call search by an agent": f"{_A}/anrufsuche?agent=agent7",
    "call search by a part of a number": f"{_A}/anrufsuche?nummer=71392000&{{quarter}}",
    "log-ins": "/zugaenge",
    "log-ins, last page": "/zugaenge?page={log_ins}",
    "log-ins by a word": "/zugaenge?q=kunde3",
    "log-in of one": "/zugaenge?wer=k3",
    "log-in history": "/anmeldeprotokoll",
    "log-in history of a kind": "/anmeldeprotokoll?art=wrong_password",
    "log-in history of a kind that is not there": "/anmeldeprotokoll?art=locked_out",
    "log-in history of one": "/anmeldeprotokoll?q=kunde3",
    "messages for supervisors": "/floor/undelivered",
    "erasures": f"{_A}/loeschprotokoll",
    "processing": f"{_A}/auftragsverarbeitung",
    "technical state": f"{_A}/technik",
    "pause reasons": f"{_A}/pausengruende",
}
"""As quick in the biggest house as in a small one. Gaps: the last page of companies and of log-ins, three
months."""
SEARCHES: Mapping[str, str] = {
    "log-ins by a name": "/zugaenge?q=beispiel+17",
}
ONE: Mapping[str, str] = {
    "a company": f"{_A}/unternehmen/c7",
    "a company's texts": f"{_A}/unternehmen/c7/bearbeiten",
    "a company's state": f"{_A}/unternehmen/c7/stand?zu=suspended",
    "a company's tariff": f"{_A}/unternehmen/c7/tarif",
    "a company's corrections": f"{_A}/unternehmen/c7/korrekturen",
    "a company's answering": f"{_A}/unternehmen/c7/annahme",
    "a company's nobody free": f"{_A}/unternehmen/c7/niemand-frei",
    "a company's retention": f"{_A}/unternehmen/c7/aufbewahrung",
    "a company's person": f"{_A}/unternehmen/c7/person",
    "a company's data": f"{_A}/unternehmen/c7/daten.zip",
    "a company's secrecy": f"{_A}/unternehmen/c7/berufsgeheimnis",
    "a company's questions": f"{_A}/unternehmen/c7/abfragefelder",
    "a company's question": f"{_A}/unternehmen/c7/abfragefelder/art",
    "a company's new question": f"{_A}/unternehmen/c7/abfragefelder/neu",
    "a line": f"{_A}/rufnummern/l7",
    "new lines": f"{_A}/rufnummern/neu",
    "a new holiday": f"{_A}/feiertage/neu?land=BE",
    "holidays as a file": f"{_A}/feiertage/feiertage.csv?land=BE&jahr=2026",
    "a new company": f"{_A}/unternehmen/neu",
    "an agent": f"{_A}/agenten/agent1",
    "an agent's calls": f"{_A}/agenten/agent1/anrufe",
    "an agent's telephone": f"{_A}/agenten/agent1/telefon",
    "no telephone": f"{_A}/agenten/agent1/telefon/entziehen",
    "a new agent": f"{_A}/agenten/neu",
    "a new team": f"{_A}/teams/neu",
    "a team's form": f"{_A}/teams/team1/bearbeiten",
    "a tariff": f"{_A}/tarife/t1",
    "a new tariff": f"{_A}/tarife/neu",
    "a tariff's name": f"{_A}/tarife/t1/bearbeiten",
    "new prices": f"{_A}/tarife/t1/neu",
    "prices of a day": f"{_A}/tarife/t1/ab/2026-01-01",
    "a delivery": f"{_A}/zustellungen/m{{failed}}",
    "a call": f"{_A}/anrufsuche/r{{failed}}",
    "a call back": f"{_A}/rueckrufe/b{{wished}}",
    "a pause reason": f"{_A}/pausengruende/lunch",
    "a new pause reason": f"{_A}/pausengruende/neu",
}
SUMS: Mapping[str, str] = {
    "companies as a file": f"{_A}/unternehmen.csv",
    "lines as a file": f"{_A}/rufnummern.csv",
    "call backs as a file": f"{_A}/rueckrufe.csv?art=all",
    "teams as a file": f"{_A}/teams.csv",
    "report by company": f"{_A}/berichte?{{days}}&by=company",
    "report by agent": f"{_A}/berichte?{{days}}&by=agent",
    "report by day": f"{_A}/berichte?{{days}}&by=day",
    "report by hour": f"{_A}/berichte?{{days}}&by=hour&firma=sommer+00012",
    "report as CSV": f"{_A}/berichte.csv?{{days}}&by=company",
    "report as a workbook": f"{_A}/berichte.xlsx?{{days}}&by=company",
}
"""As long as what they add up: decision 57."""


@dataclass(frozen=True, slots=True)
class OpenedOffice:
    """A site over a house of so many companies, and the browser of an operator."""

    site: WholeSite
    browser: aiohttp.ClientSession
    companies: int

    def address(self, path: str) -> str:
        """Of a page above, its gaps filled."""
        today = datetime.now(UTC).date()
        calls = self.companies * CALLS
        return path.format(
            last=self.companies // 50,
            log_ins=self.companies * LOG_INS // 50,
            quarter=_days("von", "bis", today - timedelta(90), today + timedelta(1)),
            days="period=custom&" + _days("first", "last", today - timedelta(6), today),
            failed=calls // 500 * 500 - 500 + 11,
            wished=calls // 500 * 500 - 500,
        )

    async def see(self, path: str) -> tuple[int, bytes]:
        """Status and content of a page above."""
        async with self.browser.get(self.address(path)) as answer:
            return answer.status, await answer.read()


def _days(first: str, last: str, start: date, end: date) -> str:
    return f"{first}={start}&{last}={end}"


async def furnish(path: Path, db: Database, companies: int) -> None:
    """`db`: the empty database of this file, with our schema; closed afterwards, until it is used again."""
    await db.close()
    fill(path, companies, datetime.now(UTC))


@asynccontextmanager
async def opened(db: Database, companies: int) -> AsyncIterator[OpenedOffice]:
    """Until the block ends; `db` holds so many generated companies. Nothing of it is loaded into memory."""
    async with whole_site(db) as site:
        async with db.write() as conn:
            account = Account("", "office@example.org", Role.OPERATOR)
            account = replace(account, id=await accounts.insert(conn, account, "no hash", datetime.now(UTC)))
            token, _ = await site.rooms.sessions.begin(conn, account)
        url = f"http://127.0.0.1:{site.port}"
        headers = {"Cookie": f"{SessionCookie(url).name}={token}", "Accept": "text/html"}
        patience = aiohttp.ClientTimeout(total=3600)
        async with aiohttp.ClientSession(url, headers=headers, timeout=patience) as browser:
            yield OpenedOffice(site, browser, companies)
