"""Who is offered a company's calls: teams, overflow, secrecy; and which queue of the PBX is whose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calls.answering import (
    EVERYBODY,
    QUIET_FOR,
    AgentGroup,
    AnsweringPlan,
    NumberedQueue,
    assign,
    belongs,
    group_of,
    lacks_language,
    may_answer,
    may_take_over,
    needed,
    plan,
    plan_of,
    simplified,
    spoken_by_all,
)
from rules.model import Agent, Answering, Customer
from tests.rules.sample_facts import ANNA, MUSTERMANN

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
BOUND = replace(ANNA, bound=True)
BOUND_ONLY = AgentGroup(bound=True)
SOMMER = replace(MUSTERMANN, id="sommer", name="Praxis Dr. Sommer", confidential=True)


def _team(*teams: str, bound: bool = False, language: str = "") -> AgentGroup:
    return AgentGroup(frozenset(teams), bound, language)


def _speaking(*languages: str, bound: bool = False, teams: str = "") -> Agent:
    return replace(ANNA, languages=frozenset(languages), bound=bound, teams=frozenset(teams))


@pytest.mark.parametrize(
    ("answering", "confidential", "wanted"),
    [
        (Answering(), False, AnsweringPlan(EVERYBODY)),
        (Answering(), True, AnsweringPlan(_team(bound=True))),
        (Answering("a"), False, AnsweringPlan(_team("a"))),
        (Answering("a"), True, AnsweringPlan(_team("a", bound=True))),
        (Answering("a", 20, "b"), False, AnsweringPlan(_team("a"), 20, _team("a", "b"))),
        (Answering("a", 20), False, AnsweringPlan(_team("a"), 20, EVERYBODY)),
        (Answering("a", 20), True, AnsweringPlan(_team("a", bound=True), 20, _team(bound=True))),
        (Answering("a", 20, "a"), False, AnsweringPlan(_team("a"))),
        (Answering(None, 20, "b"), False, AnsweringPlan(EVERYBODY)),
    ],
)
def test_a_company_s_calls_are_offered_to_its_team_then_to_more(
    answering: Answering, confidential: bool, wanted: AnsweringPlan
) -> None:
    how = plan(replace(MUSTERMANN, answering=answering, confidential=confidential))
    assert simplified(how, {"de"}) == wanted, "of a language that all speak nothing is left"


@pytest.mark.parametrize(
    ("answering", "bound", "wanted"),
    [
        (Answering(language="en"), False, AnsweringPlan(_team(language="en"), None, EVERYBODY)),
        (Answering(language="en"), True, AnsweringPlan(_team(bound=True, language="en"), None, BOUND_ONLY)),
        (Answering("a", language="en"), False, AnsweringPlan(_team("a", language="en"), None, _team("a"))),
        (Answering(None, 20, language="en"), False, AnsweringPlan(_team(language="en"), 20, EVERYBODY)),
        (
            Answering("a", 20, "b", "en"),
            True,
            AnsweringPlan(_team("a", bound=True, language="en"), 20, _team("a", "b", bound=True)),
        ),
        (Answering("a", 20, "a", "en"), False, AnsweringPlan(_team("a", language="en"), None, _team("a"))),
        (Answering(), False, AnsweringPlan(_team(language="de"), None, EVERYBODY)),
    ],
)
def test_who_speaks_the_language_comes_first_and_others_when_nobody_does(
    answering: Answering, bound: bool, wanted: AnsweringPlan
) -> None:
    assert simplified(plan_of(answering, bound=bound), {"tr"}) == wanted


@pytest.mark.parametrize(
    ("agent", "group", "is_one"),
    [
        (ANNA, EVERYBODY, True),
        (ANNA, _team(bound=True), False),
        (BOUND, _team(bound=True), True),
        (ANNA, _team("a"), False),
        (replace(ANNA, teams=frozenset({"a"})), _team("a", "b"), True),
        (replace(ANNA, teams=frozenset({"a"})), _team("a", bound=True), False),
        (replace(BOUND, teams=frozenset({"a"})), _team("a", bound=True), True),
        (BOUND, _team("a", bound=True), False),
        (ANNA, _team(language="de"), True),
        (ANNA, _team(language="en"), False),
        (_speaking("de", "en"), _team(language="en"), True),
        (_speaking("en"), _team(language="de"), False),
        (_speaking("en"), _team(bound=True, language="en"), False),
        (_speaking("en", bound=True, teams="a"), _team("a", bound=True, language="en"), True),
    ],
)
def test_an_agent_is_one_of_a_group(agent: Agent, group: AgentGroup, is_one: bool) -> None:
    assert belongs(agent, group) is is_one


def test_a_call_of_nobody_known_is_everybody_s() -> None:
    assert plan(None) == AnsweringPlan(EVERYBODY)
    assert may_answer(ANNA, None)
    assert not may_answer(None, MUSTERMANN)


def test_a_colleague_needs_no_team_to_help_but_secrecy_holds() -> None:
    teamed = replace(MUSTERMANN, answering=Answering("a"))
    assert not may_answer(ANNA, teamed)
    assert may_take_over(ANNA, teamed) is None
    refused = may_take_over(ANNA, SOMMER)
    assert refused is not None
    assert refused.code == "colleague_not_bound"
    assert may_take_over(BOUND, SOMMER) is None


teams = st.sampled_from("abc")
languages = st.sampled_from(("de", "en", "tr"))
agents = st.builds(
    lambda bound, of, spoken: replace(ANNA, bound=bound, teams=of, languages=spoken),
    st.booleans(),
    st.frozensets(teams),
    st.frozensets(languages, min_size=1),
)
answerings = st.builds(
    Answering, st.none() | teams, st.none() | st.integers(5, 240), st.none() | teams, languages
)
companies = st.builds(
    lambda secret, answering: replace(MUSTERMANN, confidential=secret, answering=answering),
    st.booleans(),
    answerings,
)


@given(agents, companies)
def test_whoever_is_not_bound_is_offered_nothing_secret(agent: Agent, company: Customer) -> None:
    for group in plan(company).groups:
        assert not (belongs(agent, group) and company.confidential and not agent.bound)


@given(agents, companies)
def test_overflow_takes_nobody_away(agent: Agent, company: Customer) -> None:
    how = plan(company)
    assert how.then is None or not belongs(agent, how.first) or belongs(agent, how.then)


@given(agents, st.booleans())
def test_without_teams_all_agents_answer(agent: Agent, secret: bool) -> None:
    company = replace(MUSTERMANN, confidential=secret)
    assert may_answer(agent, company) == (agent.bound or not secret)


@given(agents, companies)
def test_a_language_takes_nobody_away_who_might_answer_in_the_end(agent: Agent, company: Customer) -> None:
    german = replace(company, answering=replace(company.answering, language="de"))
    assert may_answer(agent, company) == may_answer(replace(agent, languages=frozenset({"de"})), german)


@given(st.lists(agents, min_size=1, max_size=5), companies)
def test_what_makes_no_difference_is_left_out(staff: list[Agent], company: Customer) -> None:
    whole = plan(company)
    how = simplified(whole, spoken_by_all(staff))
    for agent in staff:
        assert belongs(agent, how.first) == belongs(agent, whole.first)
        assert belongs(agent, how.then or how.first) == belongs(agent, whole.then or whole.first)
    assert how.then != how.first


def test_a_language_that_nobody_there_speaks_is_noticed() -> None:
    english = plan(replace(MUSTERMANN, answering=Answering("a", language="en")))
    nord, south = _speaking("de", teams="a"), _speaking("de", "en", teams="b")
    assert lacks_language(english, [nord, south]), "whoever speaks it is in another team"
    assert not lacks_language(english, [nord, replace(south, teams=frozenset("ab"))])
    assert not lacks_language(english, [south]), "nobody is in the team at all: that is said elsewhere"
    assert spoken_by_all([nord, south]) == {"de"}
    assert spoken_by_all([]) == {"de"}


groups = st.builds(AgentGroup, st.frozensets(teams), st.booleans(), st.sampled_from(("", "en")))


@given(groups)
def test_a_group_is_read_as_it_was_stored(group: AgentGroup) -> None:
    assert group_of(group.key) == group


@given(st.lists(st.frozensets(groups), max_size=8), st.integers(1, 6))
def test_a_queue_never_changes_hands_while_somebody_may_wait_there(
    rounds: list[frozenset[AgentGroup]], queues: int
) -> None:
    stored: tuple[NumberedQueue, ...] = ()
    now = NOW
    for wanted in rounds:
        now += timedelta(minutes=25)
        after, left = assign(stored, wanted, now, queues)
        assert {one.group for one in after if one.unused_since is None} == wanted - left
        assert len({one.number for one in after}) == len(after) <= queues
        before = {one.number: one for one in stored}
        for one in after:
            was = before.get(one.number)
            if was is not None and was.group != one.group:
                assert was.unused_since is not None
                assert now - was.unused_since >= QUIET_FOR
        stored = after


def test_when_no_queue_is_left_it_is_said_whose_is_missing() -> None:
    stored, left = assign((), {_team("a"), _team("b")}, NOW, queues=1)
    assert (stored, left) == ((NumberedQueue(1, _team("a")),), frozenset({_team("b")}))
    later = NOW + QUIET_FOR
    unused, left = assign(stored, {_team("b")}, NOW, queues=1)
    assert (unused[0].unused_since, left) == (NOW, frozenset({_team("b")}))
    assert assign(unused, {_team("b")}, later, queues=1) == ((NumberedQueue(1, _team("b")),), frozenset())


def test_everybody_needs_no_queue_of_their_own() -> None:
    teamed = replace(MUSTERMANN, answering=Answering("a", 30))
    english = replace(SOMMER, answering=Answering(language="en"))
    plans = [simplified(plan(one), {"de"}) for one in (MUSTERMANN, SOMMER, teamed, english)]
    assert needed(plans) == {BOUND_ONLY, _team("a"), _team(bound=True, language="en")}
