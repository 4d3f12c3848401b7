"""One request of somebody who is logged in: who, when, in which language, and the ways to answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from aiohttp import web

from pbx_bridge.auth.log_in_links import LASTS, LinkInWords, LinkOffice, LogInLink
from pbx_bridge.auth.own_account import AccountOwner
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.time_slices import gently
from pbx_bridge.web import i18n
from pbx_bridge.web.bodies import form_of
from pbx_bridge.web.client_description import whereabouts
from pbx_bridge.web.kit.forms import Posted
from pbx_bridge.web.kit.remembered_searches import KEY, RememberedSearches, are_words
from pbx_bridge.web.rendering import render_as
from rules.model import MessageKind

_OF_A_PATH = "/?=&%#+,;:@~!$'()*"


class RequestContext:
    """What a page of any face knows of its request; each face makes its own class of it.

    `room`: whose templates and sentences; `start`: under which path its pages lie; `undo_path`: where the
    button beside what was done leads; `changes_path`: where all changes stand, "" if nowhere.
    """

    room: ClassVar[str]
    start: ClassVar[str]
    undo_path: str = ""
    changes_path: ClassVar[str] = ""
    searches: RememberedSearches
    """What people of this face looked for."""

    def __init__(self, request: web.Request, now: datetime) -> None:
        self.request, self.now = request, now
        self.account: Account = request["account"]
        self.locale: str = request["locale"]

    @property
    def owner(self) -> AccountOwner:
        """Whoever is logged in, and where."""
        return AccountOwner(self.request["session"], whereabouts(self.request))

    @property
    def by(self) -> By:
        """Whoever is logged in, as the one who changes somebody else's log-in."""
        return By(self.now, self.account.login, whereabouts(self.request))

    async def posted(self) -> Posted:
        """The texts of the form that was sent."""
        return Posted((await form_of(self.request)).items())

    def t(self, key: str, **params: i18n.Param) -> str:
        """A sentence of the face in the language of this account."""
        return i18n.translate(self.room, self.locale, key, strict=False, **params)

    def knows(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return i18n.knows(self.room, self.locale, key)

    def invitation(
        self,
        words: LinkInWords,
        customer_id: str | None = None,
        employee_id: str | None = None,
    ) -> LogInLink:
        """A way to the first password; to whose mails it counts, none: to those of the house."""
        until = self.now + LASTS
        return LogInLink(self.link_office, MessageKind.INVITATION, until, words, customer_id, employee_id)

    @property
    def link_office(self) -> LinkOffice:
        """Where links that are mailed lead; a face that mails any says so."""
        raise NotImplementedError

    def frame(self) -> Mapping[str, Any]:
        """What the frame around each page of this face shows."""
        return {}

    def page(self, template: str, *, status: int = 200, **context: Any) -> web.Response:
        """The face's page of this name and, after a change, the words that offer undoing."""
        return self._drawn(f"{self.room}/{template}", status, context)

    def kit_page(self, template: str, *, status: int = 200, **context: Any) -> web.Response:
        """The kit's page of this name in the face's frame (`base`), with the face's sentences."""
        return self._drawn(f"web/kit/{template}", status, {"base": f"{self.room}/base.html"} | context)

    def _drawn(self, template: str, status: int, context: Mapping[str, Any]) -> web.Response:
        frame = {"flash": self._flash, "ctx": self, **self.frame()}
        return render_as(self.room, self.request, template, status=status, **{**frame, **context})

    def said(self, path: str, code: str, step: str = "") -> web.Response:
        """Go on to `path` and say what was done, `deeds.<code>`; `step`: what the button there undoes."""
        return self.go(path, said=code, **({"step": step} if step else {}))

    @cached_property
    def query(self) -> Mapping[str, str]:
        """What the address says, with the words of the search that it names."""
        sent = {name: self.request.query[name] for name in self.request.query}
        key = sent.pop(KEY, "")
        return {**((self._searched(key) if key else None) or {}), **sent}

    def about(self, kept: Mapping[str, Any]) -> str:
        """For an address of the same list, in another order, or of another part of it: what it says beside
        the search (`kept`), and the search by its key."""
        fields = {name: value for name, value in kept.items() if not are_words(name)}
        key = self.request.query.get(KEY, "")
        if not key:  # an old bookmark: the words go no farther than to this page
            words = {name: text for name, text in self.query.items() if are_words(name)}
            key = self.searches.keep(self.account.id, words, self.now)
        return urlencode(fields | ({KEY: key} if key else {}))

    def look_for(self, path: str, **words: str) -> web.Response:
        """Go on to a list, in which these words are searched for."""
        return self.go(path, **{KEY: self.searches.keep(self.account.id, words, self.now)})

    def _searched(self, key: str) -> Mapping[str, str] | None:
        return self.searches.find(self.account.id, key, self.now)

    def go(self, path: str, **query: str) -> web.Response:
        """See other. What was typed into an address, and stands in `path`, comes to no header as it is."""
        return self.lead(path, query)

    def lead(self, path: str, query: Mapping[str, str], part: str = "") -> web.Response:
        """The same with fields of any name. `part`: of the page, with its "#"."""
        path = quote(path, safe=_OF_A_PATH)
        where = f"{path}?{urlencode(query)}" if query else path
        return web.Response(status=303, headers={"Location": where + part})

    async def file(self, pieces: Iterable[str], name: str) -> web.Response:
        """A table that is saved under this name, however long."""
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        body = b"".join([piece.encode() async for piece in gently(pieces)])
        return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)

    def own_path(self, wanted: str) -> str:
        """`wanted` if it is a path of the face, so that a form cannot lead anywhere else."""
        parts = urlsplit(wanted)
        own = not parts.scheme and not parts.netloc and (parts.path + "/").startswith(f"{self.start}/")
        return parts.path if own and "\\" not in wanted else self.start

    @cached_property
    def _flash(self) -> dict[str, str]:
        said = self.request.query.get("said", "")
        step = self.request.query.get("step", "")
        if not said and (key := self.request.query.get(KEY)) and self._searched(key) is None:
            return {"said": "search_forgotten", "step": ""}
        return {"said": said, "step": step} if said and self.knows(f"deeds.{said}") else {}
