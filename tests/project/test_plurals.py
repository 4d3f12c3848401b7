"""One of a thing is not said like many: "1 Anruf", "2 Anrufe", in every catalogue and both languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

COUNTED = "all|calls|cells|count|days|hidden|least|length|max|min|minutes|most|n|seconds|total"
PLURAL = {
    "de": re.compile(rf"\{{({COUNTED})\}} ([a-zäöüß]+ )?[A-ZÄÖÜ]\w+"),
    "en": re.compile(rf"\{{({COUNTED})\}} ([a-z]+ )?[a-z]+s\b"),
}
NEVER_ONE = {
    "account.password.lead": "eight letters at least",
    "invitation.lead": "eight letters at least",
    "faults.password_too_short": "eight letters at least",
    "faults.password_too_long": "a limit",
    "faults.appointment_too_long": "a limit",
    "faults.csv_row_too_long": "a limit",
    "faults.cc_too_many": "a limit",
    "faults.csv_too_many": "a limit",
    "faults.too_long": "more than a limit",
    "errors.text_too_long": "more than a limit",
    "faults.faq_full": "a limit",
    "faults.lines_many": "a limit",
    "faults.text_block_full": "a limit",
    "faults.house_day_full": "a limit",
    "faults.note_field_full": "a limit",
    "faults.note_field_many": "a limit",
    "faults.note_field_long": "a limit",
    "import.nameless": "the number of a column, no count",
    "rehearsal.rings": "nobody is rung for less than five seconds",
    "subaccounts.mail.text": "a week",
    "new_company.mail.text": "a week",
    "new_agent.mail.text": "a week",
}


def sentences(table: dict[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every path of a catalogue with its text."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from sentences(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            yield prefix + key, value


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_number_before_a_plural_has_a_sentence_for_one(root: Path, language: str) -> None:
    found: dict[str, set[str]] = {}
    for path in sorted((root / "pbx_bridge").rglob("*.toml")):
        if language in (path.stem, path.parent.name) and "locale" in path.parts:
            known = dict(sentences(tomllib.loads(path.read_text(encoding="utf-8"))))
            for key, text in known.items():
                forms = key.endswith((".one", ".many", "_for_one", "_for_many")) or f"{key}.one" in known
                if PLURAL[language].search(text) and not forms and key not in NEVER_ONE:
                    found.setdefault(str(path.relative_to(root)), set()).add(f"{key}: {text}")
    assert not found


@pytest.mark.parametrize("text", ["{count} Anrufe", "{n} weitere Antworten", "noch {seconds} Sekunden"])
def test_such_a_sentence_is_noticed(text: str) -> None:
    assert PLURAL["de"].search(text)


def test_whatever_knows_many_knows_one(root: Path) -> None:
    for path in sorted((root / "pbx_bridge").rglob("locale/**/*.toml")):
        keys = dict(sentences(tomllib.loads(path.read_text(encoding="utf-8")))).keys()
        alone = [
            key for key in keys if key.endswith(".many") and f"{key.removesuffix('many')}one" not in keys
        ]
        assert not alone, path
