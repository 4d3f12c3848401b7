"""What an alarm says: what needs a person, how many, since when, and where to look; no name and no number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pbx_bridge.web.i18n import Param, translate
from pbx_bridge.web.kit.date_format import HOUSE_ZONE, Moments
from rules.office.alarms import SYSTEMS, Alarm, AlarmNews
from rules.office.needs import Sighting

ROOM = "alarms"


class AlarmWords:
    """`locale`: of those who are told; `link`: where they look."""

    def __init__(self, locale: str, link: str) -> None:
        self._locale, self.link = locale, link
        self._moments = Moments(self._t, HOUSE_ZONE)

    def subject(self, news: AlarmNews) -> str:
        """The first cause, and how many more."""
        causes = [self._cause(one) for one in (*news.new, *news.still)]
        if causes:
            return self._headline("subject.alarm" if news.new else "subject.still", causes)
        return self._headline("subject.over", [self._of(one) for one in news.over])

    def text(self, news: AlarmNews, now: datetime) -> str:
        """The whole mail; paragraphs with a blank line between them, the link alone in its own."""
        parts = [self._t("mail.hello")]
        parts += self._part("mail.new", [self._since(one, now) for one in news.new])
        parts += self._part("mail.still", [self._since(one, now) for one in news.still])
        parts += self._part("mail.over", [self._until(one, now) for one in news.over])
        return "\n\n".join([*parts, self.link, self._t("mail.why")]) + "\n"

    def sms(self, news: AlarmNews, now: datetime) -> str:
        """The same in short."""
        said = [self._since(one, now) for one in (*news.new, *news.still)]
        said = said or [self._t("sms.over", what=self._of(one)) for one in news.over]
        more = self._t("sms.more", n=len(said) - 1) if len(said) > 1 else ""
        return " ".join(part for part in (self._t("sms.begin", what=said[0]), more, self.link) if part)

    def _headline(self, key: str, causes: Sequence[str]) -> str:
        more = self._t("subject.more", n=len(causes) - 1) if len(causes) > 1 else ""
        return " ".join(part for part in (self._t(key, what=causes[0]), more) if part)

    def _part(self, key: str, lines: Sequence[str]) -> list[str]:
        return ["\n".join([self._t(key), *lines])] if lines else []

    def _since(self, one: Sighting, now: datetime) -> str:
        if one.since is None:
            return self._t("line.plain", what=self._cause(one))
        key = "line.since" if one.concern in SYSTEMS else "line.oldest"
        return self._t(key, what=self._cause(one), moment=self._moment(one.since, now))

    def _until(self, one: Alarm, now: datetime) -> str:
        since, until = self._moment(one.since, now), self._moment(one.gone_at or now, now)
        return self._t("line.over", what=self._of(one), since=since, until=until)

    def _cause(self, one: Sighting) -> str:
        return self._t(f"cause.{one.concern}", n=one.count)

    def _of(self, one: Alarm) -> str:
        return self._t(f"over.{one.cause}")

    def _moment(self, moment: datetime, now: datetime) -> str:
        zone = ZoneInfo(HOUSE_ZONE)
        today = moment.astimezone(zone).date() == now.astimezone(zone).date()
        return self._moments.time(moment) if today else self._moments.full(moment)

    def _t(self, key: str, **params: Param) -> str:
        return translate(ROOM, self._locale, key, strict=False, **params)
