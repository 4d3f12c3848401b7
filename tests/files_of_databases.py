"""What the bytes on the disk still hold of a database, SQLite's file or a whole PostgreSQL server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import asyncpg

_LAST = re.compile(r"\d\d(x.*)?$")
"""What tells people apart who are all called alike."""


async def told_by_the_book(url: str, *statements: str) -> list[Path]:
    """On SQLite nothing is to be done; on PostgreSQL these `statements`, by whoever runs the server. Returns
    the files in which bytes may lie: of SQLite all of this database, of PostgreSQL all of the server."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return sorted(file.parent.glob(f"{file.name}*"))
    server = await asyncpg.connect(url)
    for statement in statements:
        await server.execute(statement)
    folder = Path(await server.fetchval("SHOW data_directory"))
    await server.close()
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def in_the_book(root: Path) -> list[str]:
    """The statements that docs/operating.md has for after an erasure."""
    said = (root / "docs" / "operating.md").read_text(encoding="utf-8").partition("## 4c.")[2]
    block = said.partition("```sql\n")[2].partition("```")[0]
    assert "VACUUM" in block
    return [statement.strip() for statement in block.split(";") if statement.strip()]


def found_in(paths: Iterable[Path], marks: set[str]) -> set[str]:
    """Marks ("Ruvor07x") that any of these files has."""
    stems = {_LAST.sub("", mark).encode() for mark in marks}
    found: set[str] = set()
    for path in paths:
        content = path.read_bytes()
        if any(stem in content for stem in stems):  # few have: a server's files are many and big
            told = content.rstrip(b"\0")
            found |= {mark for mark in marks - found if mark.encode() in told}
    return found
