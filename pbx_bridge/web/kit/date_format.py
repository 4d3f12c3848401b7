"""Moments as the house writes them, on the customer's clock: "Mo 23.11.", "Mon 23 Nov", "14:05 Uhr"."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from pbx_bridge.web.i18n import Param

HOUSE_ZONE = "Europe/Berlin"
"""The clock of pages and mails that belong to no company."""
_MONDAY = date(2026, 11, 23)


class Translate(Protocol):
    """`RequestContext.t`."""

    def __call__(self, key: str, **params: Param) -> str: ...


class Moments:
    """`zone`: IANA name of the customer's local time; all moments that come in are aware."""

    def __init__(self, t: Translate, zone: str) -> None:
        self._t, self._zone = t, ZoneInfo(zone)

    def time(self, at: datetime) -> str:
        """14:05 Uhr."""
        local = at.astimezone(self._zone)
        return self._t("moments.time", time=f"{local:%H:%M}")

    def exact(self, at: datetime) -> str:
        """14:05:32 Uhr."""
        return self._t("moments.time", time=f"{at.astimezone(self._zone):%H:%M:%S}")

    def day(self, at: datetime | date) -> str:
        """Mo 23.11."""
        day = at.astimezone(self._zone).date() if isinstance(at, datetime) else at
        return self._t("moments.day", on=day)

    def short(self, day: date) -> str:
        """23.11."""
        return self._t("moments.short", on=day)

    def month(self, day: date) -> str:
        """November 2026."""
        return self._t("moments.month", on=day)

    def date(self, at: datetime | date) -> str:
        """23.11.2026; in English with the month's name, since 05/06 is read in two ways."""
        day = at.astimezone(self._zone).date() if isinstance(at, datetime) else at
        return self._t("moments.date", on=day)

    def full(self, at: datetime) -> str:
        """Mo 23.11.2026, 14:05 Uhr."""
        local = at.astimezone(self._zone)
        return self._t("moments.full", on=local.date(), date=self.date(at), time=self.time(at))

    def length(self, start: datetime, end: datetime) -> str:
        """2:05 min."""
        minutes, seconds = divmod(max(0, round((end - start).total_seconds())), 60)
        return self._t("moments.length", minutes=minutes, seconds=seconds)


def weekdays(t: Translate) -> list[str]:
    """Mo, Di, … So."""
    return [t("moments.weekday", on=_MONDAY + timedelta(ahead)) for ahead in range(7)]
