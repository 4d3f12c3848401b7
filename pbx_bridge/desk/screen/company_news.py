"""What changed at a company since an agent last answered for it, ready in memory before anybody calls."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pbx_bridge.desk.screen.pop import Translate
from pbx_bridge.storage.customers.company_changes import KEPT, CompanyChange
from rules.customers.change_feed import REMEMBERED, News, latest
from rules.model import Agent, Customer

SHOWN = 5


class CompanyNews:
    """All sync and without the database; `directory.refresh` loads and feeds it."""

    def __init__(self, translate: Translate) -> None:
        self._translate = translate
        self._changes: defaultdict[str, deque[CompanyChange]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self._answered: dict[tuple[str, str], datetime] = {}

    def add(self, found: Iterable[CompanyChange]) -> None:
        """These changes are known now, oldest first."""
        for change in found:
            self._changes[change.customer_id].append(change)

    def forget_people(self, customer_id: str, gone: Collection[str]) -> None:
        """These work there no longer: of them nothing is told any more but that they are gone."""
        if changes := self._changes.get(customer_id):
            left = (one for one in changes if one.news.whose not in gone)
            self._changes[customer_id] = deque(left, maxlen=REMEMBERED)

    def forget(self, customer_id: str) -> None:
        """This company is gone."""
        self._changes.pop(customer_id, None)

    def answers(self, last: dict[tuple[str, str], datetime]) -> None:
        """When each agent last answered for each company, by (agent, company)."""
        self._answered.update(last)

    def answered(self, agent_id: str, customer_id: str, at: datetime) -> None:
        """This agent has just answered for this company."""
        self._answered[agent_id, customer_id] = at

    def last_answer(self, agent_id: str, customer_id: str | None) -> datetime | None:
        """When this agent last answered for this company; None: never."""
        return self._answered.get((agent_id, customer_id)) if customer_id else None

    def sentences(self, agent: Agent, customer: Customer, since: datetime | None, now: datetime) -> list[str]:
        """What is new to this agent, newest first; to whom all is new, nothing is."""
        changes = self._changes.get(customer.id)
        if not changes or since is None or changes[-1].at <= since:
            return []
        oldest = max(since, now - KEPT)
        found = tuple(change.news for change in changes if change.at > oldest)
        local = now.astimezone(ZoneInfo(customer.zone)).replace(tzinfo=None)
        news = latest(found, local)
        said = [self._sentence(agent.locale, item) for item in news[:SHOWN]]
        if len(news) > SHOWN:
            said.append(self._translate(agent.locale, "news.more", n=len(news) - SHOWN))
        return said

    def _sentence(self, locale: str, news: News) -> str:
        if news.start is None or news.end is None:
            return self._translate(locale, f"news.{news.kind}", **news.facts)
        when = self._when(locale, news.start, news.end, all_day=news.all_day)
        return self._translate(locale, f"news.{news.kind}", when=when, **news.facts)

    def _when(self, locale: str, start: datetime, end: datetime, *, all_day: bool) -> str:
        """In local wall time, as one says it: whole days up to and including the last one."""
        last = (end - timedelta(minutes=1)).date() if all_day else end.date()
        form = ("day" if start.date() == last else "days") if all_day else "hours"
        if form == "hours" and start.date() != last:
            form = "long"
        first, final = self._day(locale, start.date()), self._day(locale, last)
        clocks = {"begin": f"{start:%H:%M}", "finish": f"{end:%H:%M}"}
        return self._translate(locale, f"news_when.{form}", first=first, last=final, **clocks)

    def _day(self, locale: str, day: date) -> str:
        return self._translate(locale, "news_when.date", on=day)
