"""Who may take back what: by the kind of what was done, whoever did it."""

from __future__ import annotations

from pbx_bridge.editing import undoing
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.editing.change_codes import HouseChangeCode, OwnChangeCode
from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.undo.undo import Reach
from tests.sample_company import NOW, furnish

OFFICE = Editor(NOW, login="office")


async def test_a_company_takes_back_its_own_and_nothing_of_the_house(sqlite_db: Database) -> None:
    house, editing = await furnish(sqlite_db), Editing(sqlite_db)
    codes: list[OwnChangeCode | HouseChangeCode] = [*OwnChangeCode, *HouseChangeCode]
    assert len({code.value for code in codes}) == len(codes), "one word, one decider"
    for code in codes:
        async with editing.change(house.customer_id, OFFICE) as change:
            await change.record(code, Reach(company=True))
            await change.conn.execute(t.customer.update().values(instruction=code.value))
        async with editing.change(house.customer_id, OFFICE) as back:
            refused = await undoing.take_back(back, change.step)
        assert refused == (Refused("not_found") if isinstance(code, HouseChangeCode) else None), code
        if refused:
            async with editing.change(house.customer_id, OFFICE) as back:
                assert await undoing.take_back(back, change.step, house=True) is None, code
