from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbx_bridge.demo import cast, scenes
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.i18n import catalogue, languages
from rules.model import Customer

OURS = re.compile(r"\+(493023125\d{3}|4917139200\d\d|493023125\d\d\*)")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
async def companies(tmp_path: Path) -> tuple[Customer, ...]:
    db = Database(f"sqlite:///{tmp_path / 'demo.db'}")
    try:
        return await cast.furnish(db, NOW, lambda password: f"hash of {password}")
    finally:
        await db.close()


async def test_the_cast_is_complete(companies: tuple[Customer, ...]) -> None:
    assert [company.name for company in companies] == [
        "Mustermann AG",
        "Praxis Dr. Sommer",
        "Kanzlei Brandt & Weiß",
    ]
    assert sum(len(company.employees) for company in companies) == 14
    assert [one.login for one in cast.log_ins()] == [
        "anna",
        "ben",
        "leitung",
        "mustermann",
        "sommer",
        "erika",
    ]


async def test_nobody_real_is_rung_or_written_to(companies: tuple[Customer, ...]) -> None:
    addresses = re.findall(r"[\w.-]+@[\w.-]+", cast.CAST.read_text())
    assert addresses
    assert all(address.rstrip(".").endswith(".example") for address in addresses)
    numbers = [person.extension for company in companies for person in company.employees]
    numbers += [person.mobile for company in companies for person in company.employees]
    numbers += [vip.pattern for company in companies for vip in company.vip_callers]
    numbers += [dial.number for scene in scenes.SCENES for dial in scene.calls]
    assert [number for number in numbers if number and not OURS.fullmatch(number)] == []


@pytest.mark.parametrize("locale", languages())
def test_every_button_has_its_words(locale: str) -> None:
    words = catalogue("demo", locale)
    for scene in scenes.SCENES:
        assert words[f"scenes.{scene.key}.title"]
        assert words[f"scenes.{scene.key}.look"]


def test_both_languages_say_the_same() -> None:
    assert catalogue("demo", "de").keys() == catalogue("demo", "en").keys()
