"""Moments as the house writes them, on the customer's clock: "Mo 23.11.", "Mon 23 Nov", "14:05 Uhr"."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Translate(Protocol):
    """`RequestContext.t`."""

    def __call__(self, key: str, **params: str | int) -> str: ...


class Moments:
    """`zone`: IANA name of the customer's local time; all moments that come in are aware."""

    def __init__(self, t: Translate, zone: str) -> None:
        self._t, self._zone = t, ZoneInfo(zone)

    def time(self, at: datetime) -> str:
        """14:05 Uhr."""
        local = at.astimezone(self._zone)
        return self._t("moments.time", time=f"{local:%H:%M}")

    def day(self, at: datetime | date) -> str:
        """Mo 23.11."""
        day = at.astimezone(self._zone).date() if isinstance(at, datetime) else at
        weekday = self._t(f"moments.weekday.{day.weekday()}")
        return self._t("moments.day", weekday=weekday, **_of(self._t, day))

    def short(self, day: date) -> str:
        """23.11."""
        return self._t("moments.short", **_of(self._t, day))

    def date(self, at: datetime | date) -> str:
        """23.11.2026; in English with the month's name, since 05/06 is read in two ways."""
        day = at.astimezone(self._zone).date() if isinstance(at, datetime) else at
        return self._t("moments.date", **_of(self._t, day))

    def full(self, at: datetime) -> str:
        """Mo 23.11.2026, 14:05 Uhr."""
        local = at.astimezone(self._zone)
        weekday = self._t(f"moments.weekday.{local.weekday()}")
        return self._t("moments.full", weekday=weekday, date=self.date(at), time=self.time(at))

    def length(self, start: datetime, end: datetime) -> str:
        """2:05 min."""
        minutes, seconds = divmod(max(0, round((end - start).total_seconds())), 60)
        return self._t("moments.length", minutes=minutes, seconds=seconds)


def _of(t: Translate, day: date) -> dict[str, str]:
    month = t(f"moments.months.{day.month}")
    return {"day": f"{day:%d}", "month": month, "year": f"{day:%Y}"}
