"""Teams, languages, and who answers for a company, as the office types them: values, or what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rules.calls.answering import LONGEST, SHORTEST
from rules.fault import Fault
from rules.model import Answering
from rules.vocabulary import SpokenLanguage

LONGEST_NAME = 80
ANSWERING = ("team", "overflow_after", "overflow_team", "language")
"""In the order of the form."""
ALL = "all"
"""The word of the form for every agent."""
LANGUAGES = frozenset(one.value for one in SpokenLanguage)


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
    """`teams`: ids of those that are there. No seconds: no overflow, whatever else is chosen; nor where all
    agents answer in the first language."""
    team, wider, language = texts["team"], texts["overflow_team"], texts["language"]
    after, all_answer = texts["overflow_after"].strip(), team == ALL
    faults = [
        Fault(name, "team_gone")
        for name, one in (("team", team), ("overflow_team", wider))
        if one not in (ALL, *teams)
    ]
    if language not in LANGUAGES:
        faults.append(Fault("language", "language_unknown"))
    of_team = None if all_answer else team
    if not after or (all_answer and language == SpokenLanguage.GERMAN):
        return tuple(faults) or Answering(of_team, language=language)
    if not (after.isascii() and after.isdecimal() and SHORTEST <= int(after[:6]) <= LONGEST):
        limits = {"min": str(SHORTEST), "max": str(LONGEST)}
        faults.append(Fault("overflow_after", "overflow_seconds", limits))
    if wider == of_team:
        faults.append(Fault("overflow_team", "overflow_same"))
    return tuple(faults) or Answering(
        of_team, int(after), None if all_answer or wider == ALL else wider, language
    )


def read_languages(texts: Collection[str]) -> frozenset[str] | Fault:
    """Of an agent: at least one, and none that the house does not know; the fault is of `languages`."""
    if not texts:
        return Fault("languages", "languages_none")
    return Fault("languages", "language_unknown") if set(texts) - LANGUAGES else frozenset(texts)


def answering_texts(answering: Answering) -> dict[str, str]:
    """What the form shows of it."""
    after = answering.overflow_after
    return {
        "team": answering.team or ALL,
        "overflow_after": "" if after is None else str(after),
        "overflow_team": answering.overflow_team or ALL,
        "language": answering.language,
    }
