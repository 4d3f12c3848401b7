"""A day has one form in each language, in portal, desk, floor and mails: nobody reads 05/06 in two ways."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from pbx_bridge.desk.screen.company_news import CompanyNews
from pbx_bridge.floor import undelivered
from pbx_bridge.web.i18n import translate
from pbx_bridge.web.kit.date_format import Moments

DAY = date(2026, 6, 5)
AT = datetime(2026, 6, 5, 8, 30, tzinfo=UTC)
ROOMS = Path(undelivered.__file__).parents[1]


@pytest.mark.parametrize(
    "locale, day, short, full",
    [
        ("de", "Fr 05.06.", "05.06.", "05.06.2026"),
        ("en", "Fri 05 Jun", "05 Jun", "05 Jun 2026"),
    ],
)
def test_a_day_is_written_in_one_way(locale: str, day: str, short: str, full: str) -> None:
    moments = Moments(partial(translate, "portal", locale), "Europe/Berlin")
    assert (moments.day(DAY), moments.short(DAY), moments.date(DAY)) == (day, short, full)
    assert moments.full(AT).startswith(f"{day[:3].strip()} {full}")
    assert undelivered._date(locale, AT) == full
    news = CompanyNews(lambda locale, key, **params: translate("desk", locale, key, **params))
    assert news._day(locale, DAY) == day


def test_no_english_text_has_a_date_with_slashes() -> None:
    slashed = re.compile(r"\{day[^}]*\}/|\b\d{1,2}/\d{1,2}/\d{2,4}\b")
    texts = [*ROOMS.rglob("locale/en.toml"), *ROOMS.rglob("locale/en/*.toml")]
    assert len(texts) > 10
    assert [path.name for path in texts if slashed.search(path.read_text(encoding="utf-8"))] == []
