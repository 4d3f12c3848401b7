"""A house of any size in an empty SQLite database, made by its own SQL: ten million calls in some minutes."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pbx_bridge.storage.maintenance.migrate import statements

CALLS, LOG_INS = 200, 3
"""Of each company."""
WHOLE = 50_000
"""Companies of the biggest house: with a million people and ten million calls."""
BIG_TABLES = frozenset(
    {
        *(
            "access_log",
            "account",
            "allowance",
            "appointment",
            "attempt",
            "calendar_event",
            "calendar_source",
        ),
        *(
            "call",
            "call_back",
            "call_note",
            "call_offer",
            "call_time",
            "customer",
            "delivery_attempt",
            "employee",
        ),
        *("employee_cc", "faq_entry", "invitation", "line", "note_field", "note_recipient", "notification"),
        *("public_number", "session", "usage", "vip_caller"),
    }
)
"""Those that grow with the companies."""
_SCRIPT = Path(__file__).with_suffix(".sql")


def fill(path: Path, companies: int, now: datetime) -> None:
    """`companies`: a multiple of 50, of no other primes than 2 and 5. The database has our schema, and nobody
    has it open: it is written without a journal, which would need the room of all of it once more."""
    sizes = {"companies": companies, "calls": companies * CALLS}
    moments = {"now": f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S}", "month": f"{now:%Y-%m-01}"}
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode = OFF", "foreign_keys = 0", "synchronous = 0", "cache_size = -400000"):
            database.execute(f"PRAGMA {pragma}").fetchall()
        database.execute("BEGIN")
        with _without_indexes(database):
            for statement in statements(_SCRIPT.read_text(encoding="utf-8")):
                database.execute(statement, sizes | moments)
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = WAL").fetchall()


@contextlib.contextmanager
def _without_indexes(database: sqlite3.Connection) -> Iterator[None]:
    """Made afterwards, of rows in order, an index takes a tenth of the time."""
    wanted = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    found = database.execute(wanted).fetchall()
    for name, _ in found:
        database.execute(f"DROP INDEX {name}")
    yield
    for _, script in found:
        database.execute(script)
