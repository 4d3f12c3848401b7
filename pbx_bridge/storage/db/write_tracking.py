"""Which tables a transaction has really written, whoever writes in it and by whatever function."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.sql.dml import UpdateBase

from pbx_bridge.storage.db.engine import AsyncConnection


def tables_written(conn: AsyncConnection) -> set[str]:
    """Names of tables, growing with each statement on `conn` that touches a row; what the database deletes
    by itself, because it refers to a deleted row, is not among them."""
    found: set[str] = set()

    def note(_conn: Any, statement: Any, *_parameters: Any) -> None:
        # The last argument is the result. SQLite's driver says -1 where it has not counted: taken as written.
        if isinstance(statement, UpdateBase) and _parameters[-1].rowcount != 0:
            found.add(str(statement.entity_description["table"]))

    event.listen(conn.sync_connection, "after_execute", note)
    return found
