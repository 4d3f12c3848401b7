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
    if not named:
        return was  # also if that is older than a rule
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
        _say_useless(section, {key: texts[key] for key in named}, found)
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


def _say_useless(section: Section, said: Mapping[str, str], found: Answering) -> None:
    """A form shows at once what it has left out of what was typed; a file is told."""
    if said.get("overflow_after") and found.overflow_after is None:
        remedy = "Write 0, or name a team or a language"
        section.problem("overflow_after", "helps nobody, as all agents answer already", remedy)
    elif said.get("overflow_team", ALL) != ALL and found.overflow_team is None:
        remedy = 'Write overflow_after, too, and a team, or "" here'
        section.problem("overflow_team", "helps nobody", remedy)


_WRONG: Mapping[str, tuple[str, str]] = {
    "team_gone": ("is of a team that is gone", "Name another one"),
    "overflow_seconds": ("is out of range", f"Write seconds from {SHORTEST} to {LONGEST}, 0 for no overflow"),
    "overflow_same": ("is the team itself", 'Name another one, or write "" for all agents'),
}
