"""Who answers for a company, and in which language: teams by their names."""

from __future__ import annotations

from collections.abc import Mapping

from pbx_bridge.importing.section import Section
from rules.calls.answering import LONGEST, SHORTEST
from rules.model import Answering
from rules.office.typed_teams import ALL, ANSWERING, answering_texts, read_answering
from rules.vocabulary import SpokenLanguage


def read(section: Section, was: Answering, teams: Mapping[str, str]) -> Answering:
    """What the file says of it, over what `was`. `teams`: id by name."""
    named = [key for key in ANSWERING if section.has(key)]
    texts = answering_texts(was)
    ids = {name.casefold(): one for name, one in teams.items()}
    for key in ("team", "overflow_team"):
        if key in named:
            texts[key] = _team(section, key, ids)
    if "overflow_after" in named:
        seconds = section.number("overflow_after")
        texts["overflow_after"] = str(seconds) if seconds else ""
    if "language" in named:
        codes = [one.value for one in SpokenLanguage]
        texts["language"] = section.choice("language", texts["language"], codes)
    found = read_answering(texts, tuple(teams.values()))
    if isinstance(found, Answering):
        return found
    for fault in found:
        section.problem(fault.field, *_WRONG[fault.code])
    return was


def _team(section: Section, key: str, ids: Mapping[str, str]) -> str:
    name = section.text(key)
    if name and name.casefold() not in ids:
        section.problem(key, f'"{name}" is no team', 'Add it under "Teams" first, or write "" for all agents')
        return ALL
    return ids[name.casefold()] if name else ALL


_WRONG: Mapping[str, tuple[str, str]] = {
    "team_gone": ("is of a team that is gone", "Name another one"),
    "overflow_seconds": ("is out of range", f"Write seconds from {SHORTEST} to {LONGEST}, 0 for no overflow"),
    "overflow_same": ("is the team itself", 'Name another one, or write "" for all agents'),
}
