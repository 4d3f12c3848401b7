"""What a change was about stands among the last changes by a name that its table really has."""

from __future__ import annotations

import pytest

from pbx_bridge.editing import blocked_callers
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.editing.values import Given, Rejected
from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.undo.last_changes import CALLED, listed
from tests.sample_company import NOW, furnish


@pytest.mark.parametrize("table, column", CALLED.items())
def test_each_is_called_by_a_column_of_its_table(table: str, column: str) -> None:
    assert column in tables.metadata.tables[table].c


async def test_a_blocked_caller_is_called_by_its_number(sqlite_db: Database) -> None:
    house = await furnish(sqlite_db)
    wanted = Given({"number": "+493090180888", "reason": "nuisance", "remark": ""})
    async with Editing(sqlite_db).change(house.customer_id, Editor(NOW)) as change:
        assert not isinstance(await blocked_callers.add(change, wanted), Rejected)
    async with sqlite_db.read() as conn:
        (last,) = await listed(conn, house.customer_id, NOW, 0, 5)
    assert (last.change_code, last.names) == ("caller_blocked", ("030 90180888",))
