"""Why agents pause: usual reasons, those of the house, their order, and what a form may say of one."""

from __future__ import annotations

import re

import pytest

from rules.presence.pause_reasons import (
    LONGEST,
    MOST,
    PATTERN,
    PauseChoice,
    choices,
    is_pause,
    offered,
    read_pause_reason,
    texts_of,
)
from rules.vocabulary import PauseReason, PhoneTrouble

BOTH = ("de", "en")
OWN = PauseChoice("own_1", {"de": "Schulung", "en": "Training"}, 25)
GOOD = {"name_de": " Raucherpause ", "name_en": "Smoke", "place": "7", "retired": ""}


def codes(found: tuple[PauseChoice, ...]) -> list[str]:
    return [one.code for one in found]


def faults(
    texts: dict[str, str], code: str = "own_2", kept: tuple[PauseChoice, ...] = (OWN,)
) -> list[tuple[str, str]]:
    others = tuple(one for one in choices(kept) if one.code != code)
    read = read_pause_reason(GOOD | texts, code, others, BOTH)
    assert isinstance(read, tuple)
    return [(fault.field, fault.code) for fault in read]


def test_a_house_begins_with_the_usual_ones_and_puts_its_own_where_it_likes() -> None:
    assert codes(choices([])) == list(PauseReason)
    retired = PauseChoice("lunch", {}, 20, retired=True)
    found = choices([OWN, retired, PauseChoice("no reason of anybody", {}, 1)])
    assert codes(found) == ["break", "lunch", "own_1", "meeting", "office", "other"]
    assert codes(offered(found)) == ["break", "own_1", "meeting", "office", "other"]


@pytest.mark.parametrize("code, is_one", [(reason, True) for reason in PauseReason] + [
    ("own_1", True), ("own_", False), ("own_A", False), ("own_1 x", False), ("own_1\n", False),
    ("own_" + "a" * 33, False),
    ("", False), ("wrap_up", False), (PhoneTrouble.REFUSES, False),
])  # fmt: skip
def test_what_is_a_reason(code: str, is_one: bool) -> None:
    assert is_pause(code) is is_one


def test_a_name_is_the_reader_s_else_the_first_language_s() -> None:
    assert [OWN.name(locale, "de") for locale in ("de", "en", "fr")] == ["Schulung", "Training", "Schulung"]
    renamed = PauseChoice("lunch", {"de": "Tischzeit"})
    assert [renamed.name(locale, "de") for locale in BOTH] == ["Tischzeit", ""], "the catalogue has the other"


def test_what_is_typed_becomes_one_and_back() -> None:
    read = read_pause_reason(GOOD, "own_2", choices([OWN]), BOTH)
    assert read == PauseChoice("own_2", {"de": "Raucherpause", "en": "Smoke"}, 7)
    assert isinstance(read, PauseChoice)
    assert read_pause_reason(texts_of(read, BOTH), "own_2", choices([OWN]), BOTH) == read


@pytest.mark.parametrize(
    "texts, found",
    [
        ({"name_en": " "}, ("name_en", "required")),
        ({"name_de": "x" * (LONGEST + 1)}, ("name_de", "too_long")),
        ({"name_de": "schulung"}, ("name_de", "pause_same")),
        ({"place": ""}, ("place", "required")),
        ({"place": "0"}, ("place", "pause_place")),
        ({"place": "1000"}, ("place", "pause_place")),
        ({"place": "zwei"}, ("place", "pause_place")),
    ],
)
def test_each_fault_names_its_field(texts: dict[str, str], found: tuple[str, str]) -> None:
    assert faults(texts) == [found]


def test_the_usual_ones_need_no_name_and_the_last_resort_stays() -> None:
    bare = GOOD | {"name_de": "", "name_en": ""}
    assert read_pause_reason(bare, "lunch", choices([]), BOTH) == PauseChoice("lunch", {}, 7)
    assert faults(bare | {"retired": "yes"}, "other") == [("retired", "pause_last")]


def test_the_menu_has_a_digit_for_each() -> None:
    many = tuple(
        PauseChoice(f"own_{n}", {"de": f"Grund {n}"}, 100 + n) for n in range(MOST - len(PauseReason))
    )
    assert faults({}, "own_x", many) == [("retired", "pause_many")]
    others = choices(many)
    assert isinstance(read_pause_reason(GOOD | {"retired": "yes"}, "own_x", others, BOTH), PauseChoice)


def test_a_retired_name_may_be_given_again() -> None:
    gone = PauseChoice("own_1", OWN.names, 25, retired=True)
    read = read_pause_reason(GOOD | {"name_de": "Schulung"}, "own_2", choices([gone]), BOTH)
    assert isinstance(read, PauseChoice)


def test_the_pattern_is_one_that_schemas_understand() -> None:
    assert re.search(PATTERN, "own_1\n") is None, "nor does the PBX get a second line"
    assert re.search(PATTERN, "own_1") is not None
