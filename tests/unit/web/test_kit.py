"""A face that knows nothing of the portal builds its pages from the kit: form, list, choosing, undoing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pytest
from aiohttp import web

from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web import i18n, rendering
from pbx_bridge.web.kit import choosing, forms
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.lists import part
from pbx_bridge.web.kit.request_context import RequestContext
from pbx_bridge.web.kit.routes import Route, definitions
from rules.fault import Fault
from tests import databases
from tests.sample_company import NOW
from tests.web_server import Site, serve

sqlite_url, sqlite_db = databases.sqlite_url, databases.sqlite_db

PAGE = """
{% import "web/kit/form_parts.html" as part with context %}
{% import "web/kit/list_parts.html" as list with context %}
<link rel="stylesheet" href="{{ static('web/kit/forms.css') }}">
<script src="{{ static('web/kit/page.js') }}"></script>
{% if flash %}{% include "web/kit/flash.html" %}{% endif %}
{{ part.begin(form, "/office") }}{{ part.text(form, "line", "number", required=true) }}
{{ part.choose(form, "line", "owner", owners, t("line.owner.nobody")) }}
{{ part.save(t("frame.save"), back="/office") }}</form>
{{ list.search("/office", "lines") }}{{ list.after("lines") }}<p>{{ day }}</p>
"""
WORDS = """
[line]
number = { label = "Rufnummer", help = "Wie man sie wählt." }
owner = { label = "Firma", help = "Wer gemeint ist.", nobody = "niemand" }
[lines]
search = "Suchen"
go = "Los"
not_found = "Nichts passt zu {query}."
[deeds]
line_saved = "Leitung gespeichert."
"""
FIRMS = [(str(n), f"Firma {n}") for n in range(60)]


class OfficeContext(RequestContext):
    """As the operator's office will make one."""

    room, start, undo_path, changes_path = "office", "/office", "/office/undo", "/office/changes"


@dataclass(slots=True)
class Office:
    """What is stored, and how often somebody has stored."""

    stored: dict[str, str]
    saved: int = 0

    def page(
        self, ctx: OfficeContext, form: forms.Form, chosen: choosing.Chosen | None = None
    ) -> web.Response:
        query = ctx.request.query.get("q", "")
        return ctx.page(
            "page.html",
            status=200 if form.ready else 422,
            form=form,
            owners=choosing.shown(self.firms, form.values["owner"], chosen),
            query=query,
            order="",
            listed=part([one for one in FIRMS if query in one[1]], ctx.request.query.get("page", "1"), 25),
            day=Moments(ctx.t, "Europe/Berlin").day(ctx.now),
        )

    async def show(self, ctx: OfficeContext) -> web.StreamResponse:
        return self.page(ctx, forms.shown(self.stored))

    async def save(self, ctx: OfficeContext) -> web.StreamResponse:
        posted = await ctx.posted()
        chosen = choosing.read(posted, "owner", self.firms)
        form = forms.sent(choosing.taken(posted, "owner", chosen), self.stored)
        form = form.with_faults(choosing.faults("owner", chosen))
        if not form.values["number"]:
            form = form.with_faults([Fault("number", "required")])
        if not form.ready:
            return self.page(ctx, form, chosen)
        self.stored, self.saved = dict(form.values), self.saved + 1
        return ctx.said("/office", "line_saved", "7")

    @property
    def firms(self) -> choosing.Choosing:
        words = dict(FIRMS)
        return choosing.Choosing(
            lambda: FIRMS,
            lambda typed: [one for one in FIRMS if typed in one[1]],
            lambda one: words.get(one, ""),
            len(FIRMS),
            "/office/choose",
        )


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A house of two rooms: web, and an office with a template and a catalogue of its own."""
    (tmp_path / "web").symlink_to(Path(i18n.__file__).parent)
    for name, text in (("templates/page.html", PAGE), ("locale/de.toml", WORDS)):
        file = tmp_path / "office" / name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    for module, kept in ((i18n, "catalogue"), (rendering, "_environment")):
        monkeypatch.setattr(module, "_ROOMS", tmp_path)
        # A memory of its own: what all other tests have compiled and read stays theirs.
        monkeypatch.setattr(module, kept, cache(getattr(module, kept).__wrapped__))
    rendering.compile_pages()


@pytest.fixture
async def office(room: None, sqlite_db: Database) -> AsyncIterator[tuple[Office, Site]]:
    office = Office({"number": "+49 30 23125 100", "owner": "7"})
    routes = (
        Route[OfficeContext]("floor.office", "GET", "/office", office.show),
        Route[OfficeContext]("floor.office", "POST", "/office", office.save),
    )
    context = partial(OfficeContext, now=NOW)
    async with serve(sqlite_db, definitions(routes, context)) as site:
        await site.add("operator", Role.OPERATOR)
        yield office, site


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


async def test_an_office_has_forms_lists_and_undoing_without_the_portal(office: tuple[Office, Site]) -> None:
    house, site = office
    async with site.browser("operator") as browser:
        async with browser.get("/office?page=2") as answer:
            page = await answer.text()
        assert "Seite 2 von 3" in page
        assert "Mo 23.11." in page
        names = ("csrf", "once", "version", "owner")
        sent = {name: hidden(page, name) for name in names} | {"owner~typed": "Firma 7", "number": "12"}
        for _ in range(2):  # an impatient finger
            async with browser.post("/office", data=sent) as answer:
                page = await answer.text()
            assert "Leitung gespeichert." in page
            assert 'action="/office/undo"' in page
            assert 'href="/office/changes"' in page
        assert house.saved == 1
        async with browser.post(
            "/office", data=sent | {"number": "13", "once": "", "owner~typed": "irma 5"}
        ) as answer:
            page = await answer.text()
        assert answer.status == 422
        assert "Wer ist gemeint?" in page
        assert "Inzwischen gespeichert:" in page
        async with browser.get("/office?q=gibtsnicht") as answer:
            assert "Nichts passt zu gibtsnicht." in await answer.text()


DANGER = {
    "admin/templates/lines/one.html": "frees a line, which can be taken back",
    "admin/templates/law/person.html": "asks for a tick beside the list of what will be gone",
    "portal/templates/account/second_factor.html": "asks for the password as well",
    "portal/templates/calendar/page.html": "closes one address among several; nothing stored is deleted",
}
"""Buttons that end something and are not the kit's, and why."""


def test_what_deletes_and_what_undoes_is_the_kits() -> None:
    rooms = Path(i18n.__file__).parents[1]
    pages = {
        str(path.relative_to(rooms)): path.read_text(encoding="utf-8")
        for path in rooms.rglob("*.html")
        if path.parent.name != "kit"
    }
    danger = {name for name, text in pages.items() if re.search(r'<button class="[^"]*is-danger', text)}
    assert danger == DANGER.keys()
    assert [name for name, text in pages.items() if 'name="once"' in text or 'name="step"' in text] == []
