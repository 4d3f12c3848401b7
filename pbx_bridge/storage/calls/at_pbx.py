"""Which calls are at a PBX, where several share the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement

from pbx_bridge.storage import tables as t


def at_pbx(pbx: str, nobodys_until: datetime | None = None) -> ColumnElement[bool]:
    """`pbx`: its name, "" of the only one. `nobodys_until`: for one that has a name, also the calls without
    any that arrived before: they are from the time in which it had none."""
    mine = t.call.c.pbx == pbx
    if not pbx or nobodys_until is None:
        return mine
    return mine | ((t.call.c.pbx == "") & (t.call.c.arrived_at < nobodys_until))
