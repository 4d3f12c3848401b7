"""What the office types about teams becomes a value, or is refused with the field and the remedy."""

from __future__ import annotations

import pytest

from rules.fault import Fault
from rules.model import Answering
from rules.office.typed_teams import ALL, answering_texts, read_answering, read_languages, read_team_name

TEAMS = ("a", "b")


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        ((ALL, "", ALL), Answering()),
        ((ALL, "20", "b"), Answering()),
        (("a", "", "b"), Answering("a")),
        (("a", " 20 ", "b"), Answering("a", 20, "b")),
        (("a", "20", ALL), Answering("a", 20)),
        (("a", "", ALL, "en"), Answering("a", language="en")),
        ((ALL, "20", "b", "en"), Answering(None, 20, None, "en")),
        ((ALL, "", ALL, "en"), Answering(language="en")),
    ],
)
def test_who_answers_is_read(texts: tuple[str, ...], wanted: Answering) -> None:
    assert read_answering(_form(*texts), TEAMS) == wanted
    assert read_answering(answering_texts(wanted), TEAMS) == wanted


@pytest.mark.parametrize(
    ("texts", "faults"),
    [
        (("x", "", ALL), [("team", "team_gone")]),
        (("a", "4", ALL), [("overflow_after", "overflow_seconds")]),
        (("a", "241", ALL), [("overflow_after", "overflow_seconds")]),
        (("a", "\N{SUPERSCRIPT TWO}", ALL), [("overflow_after", "overflow_seconds")]),
        (("a", "bald", "a"), [("overflow_after", "overflow_seconds"), ("overflow_team", "overflow_same")]),
        (("a", "20", "x"), [("overflow_team", "team_gone")]),
        ((ALL, "", ALL, "xx"), [("language", "language_unknown")]),
        ((ALL, "4", ALL, "en"), [("overflow_after", "overflow_seconds")]),
    ],
)
def test_what_is_wrong_names_its_field(texts: tuple[str, ...], faults: list[tuple[str, str]]) -> None:
    read = read_answering(_form(*texts), TEAMS)
    assert isinstance(read, tuple)
    assert [(one.field, one.code) for one in read] == faults


def test_a_team_has_a_name_of_its_own() -> None:
    assert read_team_name("  Team   Nord ", ["Team Süd"]) == "Team Nord"
    assert read_team_name("team nord", ["Team Nord"]) == Fault(
        "name", "team_name_taken", {"name": "team nord"}
    )
    for text, code in (("  ", "required"), ("x" * 81, "too_long")):
        fault = read_team_name(text, [])
        assert isinstance(fault, Fault)
        assert fault.code == code


def test_an_agent_speaks_something_that_we_know() -> None:
    assert read_languages(["de", "en"]) == frozenset({"de", "en"})
    assert read_languages([]) == Fault("languages", "languages_none")
    assert read_languages(["de", "xx"]) == Fault("languages", "language_unknown")


def _form(team: str, after: str, wider: str, language: str = "de") -> dict[str, str]:
    return {"team": team, "overflow_after": after, "overflow_team": wider, "language": language}
