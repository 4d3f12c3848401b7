"""What a company says about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.editing import company
from pbx_bridge.storage.undo.undo import Reach
from pbx_bridge.time_slices import finished
from rules.customers.company import left_without, read_company, texts_of
from rules.model import Customer


async def save(change: Change, values: Callable[[Mapping[str, str]], W]) -> Customer | Rejected[W]:
    """As it is to be; `values`: the texts wanted, over those stored."""
    stored = await change.customer()
    wanted = values(texts_of(stored))
    saved = read_company(wanted.values, stored)
    faults = (
        *(saved if isinstance(saved, tuple) else ()),
        *await finished(left_without(wanted.values, stored)),
    )
    if faults or not wanted.ready or isinstance(saved, tuple):
        return Rejected(wanted, faults)
    if texts_of(saved) != texts_of(stored):
        await change.record(OwnChangeCode.COMPANY_SAVED, Reach(company=True))
        await company.update(change.conn, saved)
    return saved
