"""A form with a box for each of a list, such as the agents of a team, while the list becomes another one."""

from __future__ import annotations

from pbx_bridge.web.kit.forms import Posted, sent, version_of


def test_whoever_came_in_the_place_of_another_one_is_not_put_out_unseen() -> None:
    opened = {"name": "Team Nord", "agent-1": "yes", "agent-2": ""}
    stored = {"name": "Team Nord", "agent-3": "yes", "agent-2": ""}
    posted = Posted({"version": version_of(opened), "name": "Team Mitte", "agent-1": "yes"})
    form = sent(posted, stored)
    assert form.theirs == {"agent-3": "yes"}, "nobody has seen that box: it is asked"
    again = sent(Posted({"version": form.version, "name": "Team Mitte"}), stored)
    assert again.ready
    assert again.values == {"name": "Team Mitte", "agent-3": "", "agent-2": ""}


def test_what_only_somebody_else_has_changed_stays_theirs() -> None:
    opened, stored = {"name": "A", "agent-1": ""}, {"name": "A", "agent-1": "yes"}
    form = sent(Posted({"version": version_of(opened), "name": "B"}), stored)
    assert form.ready
    assert form.values == {"name": "B", "agent-1": "yes"}
