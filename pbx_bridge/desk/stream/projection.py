"""What one agent sees, and how each event changes it: the fold that every client has to repeat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from pbx_bridge.desk import protocol as p

EMPTY = p.Snapshot(
    me=p.AgentView("signed_out", "", datetime(1970, 1, 1, tzinfo=UTC)),
    link=p.LinkView("down", "starting", datetime(1970, 1, 1, tzinfo=UTC)),
    waiting=[],
    calls=[],
    notes=[],
    today=p.TodayView(0, 0, 0),
)


def fold(picture: p.Snapshot, event: p.Event) -> p.Snapshot:
    """The picture after `event`; an event about a call that is not in the picture changes nothing."""
    return FOLDS[type(event)](picture, event)


def find_open_call(picture: p.Snapshot, call: str) -> p.OpenCall | None:
    """The call with this id, if the picture has it."""
    return next((c for c in picture.calls if c.view.call == call), None)


def _offer(picture: p.Snapshot, event: p.Offer) -> p.Snapshot:
    others = [c for c in picture.calls if c.view.call != event.view.call]
    return replace(picture, calls=[*others, p.OpenCall(event.pop, event.view, event.draft, event.earlier)])


def _gone(picture: p.Snapshot, event: p.OfferGone | p.CallClosed) -> p.Snapshot:
    return replace(picture, calls=[c for c in picture.calls if c.view.call != event.call])


def _change(picture: p.Snapshot, call: str, **changes: Any) -> p.Snapshot:
    return replace(
        picture, calls=[replace(c, **changes) if c.view.call == call else c for c in picture.calls]
    )


def _others(picture: p.Snapshot, event: p.OthersChanged) -> p.Snapshot:
    found = find_open_call(picture, event.call)
    return _change(picture, event.call, pop=replace(found.pop, edition=event.edition)) if found else picture


FOLDS: dict[type, Callable[[p.Snapshot, Any], p.Snapshot]] = {
    p.Snapshot: lambda _, e: e,
    p.Me: lambda picture, e: replace(picture, me=e.me),
    p.Link: lambda picture, e: replace(picture, link=e.link),
    p.Waiting: lambda picture, e: replace(picture, waiting=e.waiting),
    p.Colleagues: lambda picture, e: replace(picture, colleagues=e.colleagues),
    p.Offer: _offer,
    p.OfferGone: _gone,
    p.Call: lambda picture, e: _change(picture, e.view.call, view=e.view),
    p.PopChanged: lambda picture, e: _change(picture, e.pop.call, pop=e.pop),
    p.OthersChanged: _others,
    p.Earlier: lambda picture, e: _change(picture, e.call, earlier=e.earlier),
    p.Draft: lambda picture, e: _change(picture, e.draft.call, draft=e.draft),
    p.CallClosed: _gone,
    p.Notes: lambda picture, e: replace(picture, notes=e.notes),
    p.Today: lambda picture, e: replace(picture, today=e.today),
    p.Mine: lambda picture, e: replace(picture, mine=e.mine),
    p.Block: lambda picture, e: replace(picture, block=e.block),
    p.Notice: lambda picture, _: picture,
}
