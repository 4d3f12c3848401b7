"""What two have typed about one call, as one draft: pure; no letter is missing in it."""

from __future__ import annotations

from msgspec.structs import replace

from pbx_bridge.desk import protocol as p


def merged(before: p.NoteBody, theirs: p.NoteBody, late: p.NoteBody) -> p.NoteBody:
    """A colleague types on since `before`, and these letters come late from whoever had the call: they are
    added where the colleague has typed nothing, and to the concern in any case."""
    names = [name for name in p.NoteBody.__struct_fields__ if name != "concern"]
    free = [name for name in names if getattr(theirs, name) == getattr(before, name)]
    concern = theirs.concern
    if late.concern != before.concern:
        if theirs.concern == before.concern:
            concern = late.concern
        elif late.concern not in theirs.concern:
            concern = f"{theirs.concern}\n{late.concern}"
    return replace(theirs, concern=concern, **{name: getattr(late, name) for name in free})


def together(one: p.DraftView | None, other: p.DraftView | None) -> p.DraftView | None:
    """Both drafts of a call as one, newer than both."""
    if one is None or other is None:
        return one or other
    body = merged(p.NoteBody(), one.body, other.body)
    return p.DraftView(one.call, max(one.revision, other.revision) + 1, body)
