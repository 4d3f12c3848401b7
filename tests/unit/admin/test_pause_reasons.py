"""Reasons for a pause in the office: made, named, put in order, retired; the menu of the desk follows."""

from __future__ import annotations

import re

from pbx_bridge.desk.pages import menus
from pbx_bridge.storage.access import pause_reasons
from pbx_bridge.web.kit.pause_names import own_names
from rules.presence.pause_reasons import PauseChoice, choices
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/pausengruende"
FORM = {"name_de": "Schulung <neu>", "name_en": "Training", "place": "15"}


async def kept(office: OfficeSite) -> tuple[PauseChoice, ...]:
    async with office.db.read() as conn:
        return await pause_reasons.kept(conn)


def rows(page: str) -> list[str]:
    return re.findall(r'<td class="name"><a [^>]*>([^<]*)</a>', page)


async def test_one_of_the_house_is_made_shown_and_retired(office: OfficeSite) -> None:
    _, page = await office.see(PATH)
    assert rows(page) == ["kurze Pause", "Mittag", "Besprechung", "Büroarbeit", "anderes"]
    assert "5 Gründe stehen zur Wahl" in page
    _, page, where = await office.send(f"{PATH}/neu", f"{PATH}/neu", **FORM)
    assert where == f"{PATH}?said=pause_stored"
    assert rows(page)[:3] == ["kurze Pause", "Schulung &lt;neu&gt;", "Mittag"]
    (one,) = await kept(office)
    found = choices([one])
    assert menus(found)["pauses"] == f"break {one.code} lunch meeting office other"
    assert own_names(found, "en", "pauses") == {f"pauses.{one.code}": "Training"}

    path = f"{PATH}/{one.code}"
    _, page, _ = await office.send(path, path, **FORM, retired="yes", version=await sign(office, path))
    assert "ist stillgelegt" in page
    assert rows(page)[-1] == "Schulung &lt;neu&gt;", "what is retired keeps its name, at the end"
    (one,) = await kept(office)
    assert menus(choices([one]))["pauses"] == "break lunch meeting office other"


async def sign(office: OfficeSite, path: str) -> str:
    """Of the form as it is opened now."""
    return (await office.see(path))[1].partition('name="version" value="')[2].partition('"')[0]


async def test_a_usual_one_is_renamed_and_moved(office: OfficeSite) -> None:
    office.login = "english"
    path = f"{PATH}/lunch"
    typed = {"name_de": "Tischzeit", "name_en": "", "place": "1", "version": await sign(office, path)}
    _, page, _ = await office.send(path, path, **typed)
    assert rows(page)[0] == "lunch"
    assert own_names(choices(await kept(office)), "de", "reason") == {"reason.lunch": "Tischzeit"}


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(office: OfficeSite) -> None:
    status, page, _ = await office.send(f"{PATH}/neu", f"{PATH}/neu", name_de="Schulung", place="x")
    assert status == 422
    assert 'id="name_en-fault"' in page
    assert 'id="place-fault"' in page
    assert 'value="Schulung"' in page
    path = f"{PATH}/other"
    version = await sign(office, path)
    status, page, _ = await office.send(path, path, place="50", retired="yes", version=version)
    assert (status, "Dieser Grund bleibt" in page) == (422, True)
    assert await kept(office) == ()
    assert (await office.see(f"{PATH}/own_nobody"))[0] == 404


async def test_two_in_one_form_lose_nothing(office: OfficeSite) -> None:
    path = f"{PATH}/meeting"
    opened = await sign(office, path)
    await office.send(path, path, name_de="Runde", place="30", version=opened)
    await office.send(path, path, name_de="", place="5", version=opened)
    assert await kept(office) == (PauseChoice("meeting", {"de": "Runde"}, 5),)
