"""Two people in one form: who loses what, and who is asked."""

from __future__ import annotations

import pytest

from pbx_bridge.web.kit.forms import Posted, sent, sent_new, shown
from tests.unit.portal.conftest import Client

OPENED = {"name": "Erika Beispiel", "position": "", "notes": "eins\nzwei"}
VERSION = shown(OPENED).version


@pytest.mark.parametrize(
    "typed, stored, values, theirs",
    [
        pytest.param({}, {}, {}, {}, id="nobody changed anything"),
        pytest.param({"position": "A"}, {}, {"position": "A"}, {}, id="only I"),
        pytest.param({}, {"position": "B"}, {"position": "B"}, {}, id="only somebody else"),
        pytest.param(
            {"name": "E. B."},
            {"position": "B"},
            {"name": "E. B.", "position": "B"},
            {},
            id="each another field",
        ),
        pytest.param(
            {"position": "A"}, {"position": "B"}, {"position": "A"}, {"position": "B"}, id="the same"
        ),
        pytest.param({"position": "B"}, {"position": "B"}, {"position": "B"}, {}, id="both alike"),
        pytest.param(
            {"notes": "eins\r\nzwei"}, {"notes": ""}, {"notes": ""}, {}, id="a browser's line breaks"
        ),
    ],
)
def test_field_by_field(
    typed: dict[str, str], stored: dict[str, str], values: dict[str, str], theirs: dict[str, str]
) -> None:
    form = sent(Posted(OPENED | typed | {"version": VERSION}), OPENED | stored)
    assert (form.values, form.theirs) == (OPENED | values, theirs)
    assert form.ready is (not theirs)


def test_what_a_link_filled_in_for_something_new_is_kept() -> None:
    opened = OPENED | {"name": "Jens Meier"}
    form = sent_new(Posted(opened | {"version": shown(opened).version}), OPENED)
    assert form.values == opened
    assert form.ready


@pytest.mark.parametrize("version", ["", "x", VERSION + "-1", "--"])
def test_a_damaged_version_asks_about_every_difference(version: str) -> None:
    form = sent(Posted(OPENED | {"position": "A", "version": version}), OPENED)
    assert form.theirs == {"position": ""}


def test_seen_once_one_s_own_counts() -> None:
    stored = OPENED | {"position": "B"}
    asked = sent(Posted(OPENED | {"position": "A", "version": VERSION}), stored)
    again = sent(Posted({**asked.values, "version": asked.version}), stored)
    assert (again.ready, again.values["position"]) == (True, "A")


async def test_two_tabs_with_the_same_employee(client: Client) -> None:
    erika = f"/portal/mitarbeiter/{client.served.house.erika}"
    mine = {
        "name": "Beispiel, Erika",
        "email": "erika@example.org",
        "cc": "erste@example.org, zweite@example.org",
    }
    rest = {"deputy": client.served.house.jens, "extension": "+493023125110", "put_through": "all"}
    version = (await client.get(erika)).hidden("version")

    await client.post(erika, mine | rest | {"position": "Chefin"})
    answer = await client.post(erika, mine | rest | {"responsibility": "Einkauf"}, version=version)

    assert "said=employee_saved" in answer.path
    stored = (await client.served.company()).employee(client.served.house.erika)
    assert stored
    assert (stored.position, stored.responsibility) == ("Chefin", "Einkauf")
