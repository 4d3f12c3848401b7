"""Two employees with the same name are told apart, wherever only names are shown."""

from __future__ import annotations

import pytest

from rules.customers.directory import directory
from rules.customers.namesakes import alike, brief, hint, shared_families
from rules.model import Employee
from rules.stepwise import at_once
from rules.text.names import split_name


def person(
    one: str, name: str = "Erika Beispiel", position: str = "", responsibility: str = "", extension: str = ""
) -> Employee:
    split = split_name(name)
    known = {"position": position, "responsibility": responsibility, "extension": extension}
    return Employee(one, name, split.given, split.family, **known)  # type: ignore[arg-type]


JENS = person("j", "Jens Meier", "Einkauf")
CASES = {
    # employees beside Jens Meier → what is said of each to the agent, and in the portal
    "alone": ([person("a", position="Einkauf")], [""], [""]),
    "by position": (
        [person("a", position="Einkauf"), person("b", position="Labor")],
        ["Einkauf", "Labor"],
        ["Einkauf", "Labor"],
    ),
    "one without": ([person("a", position="Einkauf"), person("b")], ["Einkauf", ""], ["Einkauf", ""]),
    "same position": (
        [
            person("a", position="Einkauf", responsibility="Holz"),
            person("b", position="Einkauf", responsibility="Glas"),
        ],
        ["Holz", "Glas"],
        ["Holz", "Glas"],
    ),
    "by extension": (
        [person("a", extension="+493023125110"), person("b", extension="+493023125111")],
        ["", ""],
        ["+493023125110", "+493023125111"],
    ),
    "written otherwise": (
        [person("a", position="Einkauf"), person("b", "Beispiel, Erika", "Labor")],
        ["Einkauf", "Labor"],
        ["Einkauf", "Labor"],
    ),
    "with a title": (
        [person("a", position="Einkauf"), person("b", "Dr. Erika Beispiel", "Labor")],
        ["Einkauf", "Labor"],
        ["Einkauf", "Labor"],
    ),
    "three, two of which are alike": (
        [
            person("a", position="Einkauf", responsibility="Holz"),
            person("b", position="Einkauf", responsibility="Holz"),
            person("c", position="Labor"),
        ],
        ["Einkauf · Holz", "Einkauf · Holz", "Labor"],
        ["Einkauf · Holz", "Einkauf · Holz", "Labor"],
    ),
    "only the family's name": ([person("a"), person("b", "Max Beispiel")], ["", ""], ["", ""]),
}


@pytest.mark.parametrize("case", CASES)
def test_who_is_called_alike_is_told_apart(case: str) -> None:
    people, agents, portal = CASES[case]
    everybody = [*people, JENS]
    few, many = alike(everybody), directory(everybody)
    assert [hint(one, few[one.id]) for one in people] == agents
    assert [hint(one, many.namesakes(one)) for one in people] == agents, "in the directory of a big company"
    assert [hint(one, many.namesakes(one), extension=True) for one in people] == portal
    assert hint(JENS, few["j"]) == ""


@pytest.mark.parametrize(
    "others, said",
    [
        ([], "Meier"),
        ([person("a")], "Meier"),
        ([person("a", "Eva Meier")], "Jens Meier"),
        ([person("a", "Meier, Eva")], "Jens Meier"),
        ([person("a", "Dr. Eva MEIER")], "Jens Meier"),
        ([person("a", "Eva von Meier")], "Meier"),
        ([person("a", "Jens Meier", "Labor")], "Jens Meier · Einkauf"),
        ([person("a", "Jens Meier", "Labor"), person("b", "Eva Meier")], "Jens Meier · Einkauf"),
        ([person("a", "Meier")], "Jens Meier"),
    ],
)
def test_in_short_the_family_name_does_unless_several_have_it(others: list[Employee], said: str) -> None:
    people = [JENS, *others]
    assert brief(JENS, at_once(shared_families(people)), alike(people)[JENS.id]) == said


def test_whoever_has_but_one_name_is_called_by_it() -> None:
    praxis = person("p", "Empfang")
    assert brief(praxis, at_once(shared_families([praxis, JENS])), [praxis]) == "Empfang"
