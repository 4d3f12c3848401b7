"""People in order and found however spelled, among twenty thousand as among five."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from pbx_bridge.web.kit.lists import part, part_with
from rules.customers.directory import Directory, compiled, directory
from rules.model import Employee
from rules.stepwise import at_once
from rules.text.names import is_found, sort_key, split_name


def staff(*names: str) -> list[Employee]:
    split = [split_name(name) for name in names]
    return [Employee(str(at), name, split[at].given, split[at].family) for at, name in enumerate(names)]


def names(found: list[Employee]) -> list[str]:
    return [one.name for one in found]


def test_the_list_sorts_by_either_name() -> None:
    people = directory(staff("Özil, Zeynep", "Anna von Berg", "Oder, Max", "Berta Ast"))
    assert names(people.find("")) == ["Berta Ast", "Anna von Berg", "Oder, Max", "Özil, Zeynep"]
    assert names(people.find("", given=True)) == ["Anna von Berg", "Berta Ast", "Oder, Max", "Özil, Zeynep"]


@pytest.mark.parametrize("query", ["mueller", "Müller", "MULLER", "jürg mül"])
def test_umlauts_do_not_matter_in_a_search(query: str) -> None:
    assert names(directory(staff("Jürgen Müller", "Erika Beispiel")).find(query)) == ["Jürgen Müller"]


@pytest.mark.parametrize(
    "query, name",
    [
        ("oneill", "Seán O'Neill"),
        ("O’Neill", "Seán O'Neill"),
        ("neill", "Seán O\N{RIGHT SINGLE QUOTATION MARK}Neill"),
        ("ONEILL sean", "Seán O\N{RIGHT SINGLE QUOTATION MARK}Neill"),
        ("annekathrin", "Anne-Kathrin Ott"),
        ("anne kath", "Anne-Kathrin Ott"),
        ("muellerlueden", "Müller-Lüdenscheidt"),
        ("zolc", "Łukasz Żółć"),
        ("nguyen anh", "Nguyễn Thị Ánh"),
    ],
)
def test_a_name_of_two_parts_is_found_written_as_one(query: str, name: str) -> None:
    assert names(directory(staff(name, "Erika Beispiel")).find(query)) == [name]
    assert is_found(query, name)
    assert not is_found(query, "Erika Beispiel")


def test_position_and_responsibility_are_searched_and_the_info_where_it_is_wanted() -> None:
    [plain] = staff("Erika Beispiel")
    more = {"position": "Einkauf", "responsibility": "Drucker", "absence_info": "Im Urlaub"}
    erika = replace(plain, **more)  # type: ignore[arg-type]
    people = directory([erika])
    assert [len(people.find(query)) for query in ("einkauf", "druck", "urlaub")] == [1, 1, 0]
    assert names(people.find("erika urlaub", info=True)) == [erika.name]


def test_the_likeliest_comes_first() -> None:
    found = directory(
        [
            *staff("Anna Obermeier", "Jens Meier", "Erika Beispiel"),
            replace(staff("Lena Vogel")[0], id="4", position="Vertretung Meier"),
        ]
    )
    assert names(found.ranked("meier", 9)) == ["Jens Meier", "Lena Vogel", "Anna Obermeier"]
    assert names(found.ranked("meier", 1)) == ["Jens Meier"]
    assert names(found.ranked("", 2)) == ["Erika Beispiel", "Jens Meier"]
    assert found.ranked("niemand", 9) == []


@pytest.mark.parametrize("seed", range(5))
def test_after_any_changes_it_is_what_it_would_be_made_anew(seed: int) -> None:
    chance = random.Random(seed)
    words = ("Meier", "Müller", "von Berg", "Özil", "Ast", "Weiß")
    people = staff(*(f"{chance.choice(words)} {chance.choice(words)}" for _ in range(60)))
    known = directory(people)
    for _ in range(20):
        at = chance.randrange(len(people))
        change = {chance.choice(("name", "position", "absence_info")): f"{chance.choice(words)} {at}"}
        people[at] = replace(people[at], **change)  # type: ignore[arg-type]
        if chance.random() < 0.3:
            people.pop(chance.randrange(len(people)))
            people.append(Employee(f"n{seed}{chance.random()}", chance.choice(words), "", ""))
        known = at_once(compiled(people, known))
        assert known == directory(people)


def test_a_thousand_are_in_the_order_of_the_rule_and_found_by_the_rule() -> None:
    chance = random.Random(7)
    letters = "abcdeäöüß -"
    people = staff(*("".join(chance.choices(letters, k=9)).strip() or "a" for _ in range(1_000)))
    known: Directory = at_once(compiled(people))
    keys = [sort_key(one.name) for one in known.find("")]
    assert all(one <= other for one, other in pairwise(keys))
    for query in ("a", "ab", "ö b", "ss", ""):
        assert set(names(known.find(query))) == {one.name for one in people if is_found(query, one.name)}


@pytest.mark.parametrize(
    "page, first, at",
    [
        ("1", 0, 1),
        ("3", 200, 3),
        ("9", 200, 3),
        ("-1", 0, 1),
        ("x", 0, 1),
        pytest.param("9" * 5000, 200, 3, id="huge"),
    ],
)
def test_long_lists_have_pages(page: str, first: int, at: int) -> None:
    people = directory(staff(*(f"A {n:04}x" for n in range(250)))).find("")
    listed = part(people, page)
    assert (listed.rows[0].name, listed.total, listed.page, listed.pages) == (f"A {first:04}x", 250, at, 3)


def test_a_page_can_be_the_one_on_which_somebody_stands() -> None:
    people = directory(staff(*(f"A {n:04}x" for n in range(250)))).find("")
    assert part_with(people, "1", "130", rows=100).page == 2
    assert part_with(people, "3", "nobody", rows=100).page == 3
