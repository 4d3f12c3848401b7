"""What is kept of a person as one file: a page to read and print, and the same as data."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pbx_bridge.admin.request_context import OfficeContext
from pbx_bridge.time_slices import gently
from pbx_bridge.web.rendering import Page

Row = dict[str, Any]


async def archive(ctx: OfficeContext, company: str, rows: Mapping[str, Sequence[Row]]) -> bytes:
    """A ZIP with `auskunft.html` and `daten.json`."""
    shown = {kind: [_shown(row) async for row in gently(some)] for kind, some in rows.items()}
    page = ctx.page("law/handed_out.html", name=company, rows=shown)
    assert isinstance(page, Page)
    await page.draw()
    data = {"company": company, "made_at": ctx.now.isoformat(), "data": rows}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:  # stored, not packed: that would hold the loop
        file.writestr("auskunft.html", page.text or "")
        file.writestr("daten.json", "".join([one async for one in gently(_pieces(data))]))
    return packed.getvalue()


def _pieces(data: Mapping[str, Any]) -> Iterable[str]:
    return json.JSONEncoder(ensure_ascii=False, indent=1, default=str).iterencode(data)


def _shown(row: Row) -> dict[str, str]:
    """What says something to people: no keys of rows, nothing that is empty."""
    told = {
        name: one for name, one in row.items() if one not in (None, "", [], {}) and not name.endswith("id")
    }
    return {
        name: one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)
        for name, one in told.items()
    }
