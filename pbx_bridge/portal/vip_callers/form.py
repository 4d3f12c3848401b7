"""One VIP caller: new or changed, with the number as we understand it and what it meets in the list."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import vip_callers
from pbx_bridge.editing.values import Rejected
from pbx_bridge.portal import choosing
from pbx_bridge.portal.choosing import Chosen
from pbx_bridge.portal.vip_callers.pages import PATH, number_words, own_entry, strange_words
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.turns import finished
from pbx_bridge.web.kit.forms import Form, Posted, sent, sent_new, shown
from rules.fields.declaration import sections
from rules.fields.values import texts_of
from rules.fields.vip_caller import VIP_CALLER
from rules.model import Customer, VipCaller
from rules.phone_numbers import normalise_pattern
from rules.vip_entries import KEYS, block_stem, met, of_a_switchboard

TYPED = "typed"
MOST_MET = 5
"""Of what an entry meets so much is said while it is typed."""


async def new(visit: Visit) -> web.StreamResponse:
    return await _page(visit, await visit.customer(), shown(_blank(visit)))


async def add(visit: Visit) -> web.StreamResponse:
    """Store a new entry."""
    owner, posted = await _owner(visit, await visit.posted())
    form = sent_new(posted, _blank(visit)).with_faults(choosing.faults("employee", owner))
    async with visit.change() as change:
        done = await vip_callers.add(change, form)
    if isinstance(done, Rejected):
        return await _page(visit, await change.customer(), form.with_faults(done.faults), owner=owner)
    return visit.done(PATH, change)


async def show(visit: Visit) -> web.StreamResponse:
    customer = await visit.customer()
    stored = own_entry(visit, customer)
    return await _page(visit, customer, shown(_texts(stored)), stored)


async def save(visit: Visit) -> web.StreamResponse:
    """Store what changed."""
    owner, posted = await _owner(visit, await visit.posted())
    faults = choosing.faults("employee", owner)
    async with visit.change() as change:
        done = await vip_callers.save(
            change,
            visit.request.match_info["vip"],
            lambda stored: sent(posted, _texts(stored)).with_faults(faults),
        )
    if isinstance(done, Rejected):
        customer = await change.customer()
        form = done.wanted.with_faults(done.faults)
        return await _page(visit, customer, form, own_entry(visit, customer), owner)
    return visit.done(PATH, change)


async def _owner(visit: Visit, posted: Posted) -> tuple[Chosen, Posted]:
    """Whose VIP the form means, before anything is locked; and the form as if the id had been sent."""
    owner = choosing.read(posted, "employee", await _people(visit))
    return owner, choosing.taken(posted, "employee", owner)


async def _people(visit: Visit) -> choosing.Choosing:
    return choosing.people(await visit.directory(await visit.customer()))


async def preview(visit: Visit) -> web.StreamResponse:
    """The number as we understand it, while somebody types."""
    posted, customer = await visit.posted(), await visit.customer()
    form = Form(dict.fromkeys(KEYS, "") | posted)
    spoken, more = await _seen(visit, customer, form, posted["vip"])
    return web.json_response({"kind": "wait", "spoken": spoken, "more": more})


async def _seen(visit: Visit, customer: Customer, form: Form, known: str) -> tuple[str, str]:
    """Our reading of the number, and what the entry meets."""
    pattern = normalise_pattern(form.values["pattern"], customer.region)
    if not pattern:
        return visit.t("vips.preview.wait"), ""
    owner = customer.employee(form.values["employee"])
    name = form.values["name"].strip() or visit.t("vips.preview.nameless")
    entry = VipCaller(known or TYPED, pattern, name, "", owner.id if owner else None)
    near = await finished(met(entry, customer.vip_callers))
    words = " ".join(strange_words(visit, customer, one)[0] for one in near[:MOST_MET])
    if block := of_a_switchboard(form.values["pattern"], customer.region):
        words = f"{visit.t('vips.preview.switchboard', block=f'{block_stem(block)}*')} {words}".strip()
    return visit.t("vips.preview.number", number=number_words(visit, pattern)), words


def _blank(visit: Visit) -> dict[str, str]:
    return dict.fromkeys(KEYS, "") | {"employee": visit.request.query.get("mitarbeiter", "")}


def _texts(stored: VipCaller) -> dict[str, str]:
    return texts_of(VIP_CALLER, stored)


async def _page(
    visit: Visit,
    customer: Customer,
    form: Form,
    stored: VipCaller | None = None,
    owner: Chosen | None = None,
) -> web.Response:
    return visit.page(
        "vip_callers/form.html",
        status=200 if form.ready else 422,
        form=form,
        stored=stored,
        sections=sections(VIP_CALLER),
        owners=choosing.shown(await _people(visit), form.values["employee"], owner),
        seen=await _seen(visit, customer, form, stored.id if stored else ""),
    )


ROUTES = (
    Route("portal.vips.new", "GET", f"{PATH}/neu", new),
    Route("portal.vips.new", "POST", f"{PATH}/neu", add),
    Route("portal.vips.preview", "POST", f"{PATH}/vorschau", preview),
    Route("portal.vips.one", "GET", f"{PATH}/{{vip}}", show),
    Route("portal.vips.one", "POST", f"{PATH}/{{vip}}", save),
)
