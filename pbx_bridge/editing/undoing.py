"""Taking a change back."""

from __future__ import annotations

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import HouseChangeCode
from pbx_bridge.errors import Refused
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.undo import undo
from rules.vocabulary import ServiceState

OF_THE_HOUSE = frozenset(code.value for code in HouseChangeCode)
"""What a company does not decide itself, and does not take back."""


async def take_back(change: Change, step_id: str, *, house: bool = False) -> Refused | None:
    """Put back what the step replaced; `change.step` undoes the undoing. Whoever may change only their own
    data undoes only what they did themselves. `house`: the office undoes it.

    Refused: not_found (or older than a day, or undone already); undo_overtaken: changed again since;
    undo_company_ended: log-ins that a step brings back would be open.
    """
    if await customers.service(change.conn, change.customer_id) is ServiceState.ENDED:
        return Refused("undo_company_ended")
    who = (change.customer_id, change.editor.account_id)
    only_own = change.editor.own is not None
    but = frozenset[str]() if house else OF_THE_HOUSE
    done = await undo.undo(change.conn, *who, step_id, change.now, only_own=only_own, but=but)
    if isinstance(done, Refused):
        return done
    change.took_back(done)
    return None
