"""What a plan of SQLite does not say by itself."""

from __future__ import annotations

import re

_UNIQUE = re.compile(r"SEARCH (\w+) USING (?:COVERING )?INDEX sqlite_autoindex_\w+ \((\w+)=\?\)")


def reads_all_without(statement: str, line: str) -> bool:
    """A unique index of a reference, asked for rows that refer to nothing: these are nearly all, and SQLite
    expects one."""
    found = _UNIQUE.match(line)
    return found is not None and f"{found[1]}.{found[2]} IS NULL" in statement
