"""A request of the operator: for no company, or for any."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from aiohttp import web

from pbx_bridge.admin.services import Office
from pbx_bridge.auth.log_in_links import LinkOffice
from pbx_bridge.editing.change import Editor
from pbx_bridge.storage.undo import house_undo
from pbx_bridge.web.client_description import whereabouts
from pbx_bridge.web.kit import routes
from pbx_bridge.web.kit.date_format import HOUSE_ZONE, Moments
from pbx_bridge.web.kit.lists import Listed
from pbx_bridge.web.kit.navigation import HOUSE, navigation
from pbx_bridge.web.kit.request_context import RequestContext
from rules.text.phone_numbers import international


class Sorting(NamedTuple):
    """By which column a list is put in order, and whether from the end (`ab`) or the beginning."""

    column: str
    down: bool


class OfficeContext(RequestContext):
    """`auth.permissions` lets operators in, and nobody else."""

    room, start = "admin", "/admin"
    company = ""
    """The frame has no company's name at its top."""

    def __init__(self, office: Office, request: web.Request) -> None:
        super().__init__(request, office.clock())
        self.office = office
        company, step = request.match_info.get("company"), request.query.get("step", "")
        of_company = company and not step.startswith(house_undo.MARK)
        self.undo_path = f"/admin/unternehmen/{company}/rueckgaengig" if of_company else "/admin/rueckgaengig"

    def frame(self) -> Mapping[str, Any]:
        """The pages of the house, and what all of these need: moments on its clock, numbers for the eye."""
        return {
            "navigation": navigation(HOUSE, self.request.path, self.account.role),
            "moments": self.moments,
            "number": international,
        }

    @property
    def editor(self) -> Editor:
        """Whoever is logged in, as the one who changes something."""
        return Editor(self.now, self.account.id, self.account.login, whereabouts(self.request))

    @property
    def link_office(self) -> LinkOffice:
        """As the settings have it."""
        return LinkOffice.of(self.office.public_url, self.request.url.origin(), self.office.contact)

    @cached_property
    def moments(self) -> Moments:
        """On the clock of the house."""
        return Moments(self.t, HOUSE_ZONE)

    @property
    def zone(self) -> ZoneInfo:
        """That clock's."""
        return ZoneInfo(HOUSE_ZONE)

    @property
    def month(self) -> date:
        """The first day of the one that runs, on that clock."""
        return self.now.astimezone(self.zone).date().replace(day=1)

    def since(self, moment: datetime) -> str:
        """ "seit 10:42 Uhr", with the day where it is not today's."""
        today = moment.astimezone(self.zone).date() == self.now.astimezone(self.zone).date()
        return self.t("since", moment=self.moments.time(moment) if today else self.moments.full(moment))

    def words(self, name: str = "q") -> str:
        """What somebody looks for, as the address has it."""
        return self.query.get(name, "").strip()[:100]

    @property
    def page_number(self) -> int:
        """Of a long list, as the address has it; the first one if it names none."""
        text = self.query.get("page", "1")
        return max(1, int(text[:6])) if text.isascii() and text.isdecimal() else 1

    def sorting(self, columns: Collection[str], *, down: bool = False) -> Sorting:
        """As the address has it; if it names none of these columns, the first one, `down` or not."""
        wanted = self.words("sort")
        if wanted not in columns:
            return Sorting(next(iter(columns)), down)
        return Sorting(wanted, self.words("richtung") == "ab")

    def listed(self, rows: tuple[Any, ...], total: int, most: int) -> Listed[Any]:
        """A part of a list that the database has cut."""
        return Listed(rows, total, self.page_number, max(1, -(-total // most)))


Handler = routes.Handler[OfficeContext]
Route = routes.Route[OfficeContext]
