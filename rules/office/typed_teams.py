"""Teams, and who answers for a company, as the office types them: values, or what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rules.calls.answering import LONGEST, SHORTEST
from rules.fault import Fault
from rules.model import Answering

LONGEST_NAME = 80
ANSWERING = ("team", "overflow_after", "overflow_team")
"""In the order of the form."""
ALL = "all"
"""The word of the form for every agent."""


def read_team_name(text: str, taken: Collection[str]) -> str | Fault:
    """`taken`: names of the other teams; upper and lower case are the same."""
    name = " ".join(text.split())
    if not name:
        return Fault("name", "required")
    if len(name) > LONGEST_NAME:
        return Fault("name", "too_long", {"length": str(len(name)), "max": str(LONGEST_NAME)})
    if name.casefold() in {one.casefold() for one in taken}:
        return Fault("name", "team_name_taken", {"name": name})
    return name


def read_answering(texts: Mapping[str, str], teams: Collection[str]) -> Answering | tuple[Fault, ...]:
    """`teams`: ids of those that are there. No seconds: no overflow, whatever else is chosen."""
    team, wider = texts["team"], texts["overflow_team"]
    after = texts["overflow_after"].strip()
    faults = [
        Fault(name, "team_gone")
        for name, one in (("team", team), ("overflow_team", wider))
        if one not in (ALL, *teams)
    ]
    if team == ALL:
        return tuple(faults) or Answering()
    if not after:
        return tuple(faults) or Answering(team)
    if not (after.isascii() and after.isdecimal() and SHORTEST <= int(after[:6]) <= LONGEST):
        limits = {"min": str(SHORTEST), "max": str(LONGEST)}
        faults.append(Fault("overflow_after", "overflow_seconds", limits))
    if wider == team:
        faults.append(Fault("overflow_team", "overflow_same"))
    return tuple(faults) or Answering(team, int(after), None if wider == ALL else wider)


def answering_texts(answering: Answering) -> dict[str, str]:
    """What the form shows of it."""
    after = answering.overflow_after
    return {
        "team": answering.team or ALL,
        "overflow_after": "" if after is None else str(after),
        "overflow_team": answering.overflow_team or ALL,
    }
