"""Whatever holds callers' numbers and what they said is closed to other users of the machine."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from pbx_bridge import private_files
from pbx_bridge.asterisk import commands
from pbx_bridge.demo import folders
from pbx_bridge.settings import DatabaseSettings, Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.lock import in_use
from pbx_bridge.storage.maintenance import backup, migrate

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """An umask that leaves everything open to all."""
    import os

    before = os.umask(0o000)
    yield
    os.umask(before)


def open_to(path: Path) -> str:
    """What others may do with it: "rwx", "" for nothing."""
    mode = path.stat().st_mode & OTHERS
    return "".join(letter for letter, bits in (("r", 0o044), ("w", 0o022), ("x", 0o011)) if mode & bits)


async def test_the_database_and_all_beside_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/var/house/house.db"
    db = Database(url)
    await migrate.upgrade(db)
    async with db.write() as conn:
        await conn.execute(text("INSERT INTO tariff (id, name, put_through) VALUES ('t', 'Basis', TRUE)"))
    with in_use(DatabaseSettings(url=url)):
        files = sorted((tmp_path / "var" / "house").iterdir())
        assert [file.name for file in files] == ["house.db", "house.db-shm", "house.db-wal", "house.db.lock"]
        assert {open_to(file) for file in files} == {""}
    assert {open_to(folder) for folder in (tmp_path / "var", tmp_path / "var" / "house")} <= {"", "x"}
    await db.close()


@pytest.mark.parametrize("before, after", [(0o644, 0o600), (0o666, 0o600), (0o640, 0o640), (0o600, 0o600)])
async def test_a_database_of_an_earlier_version_is_closed_and_what_a_group_may_stays(
    tmp_path: Path, before: int, after: int
) -> None:
    file = tmp_path / "house.db"
    db = Database(f"sqlite:///{file}")
    await migrate.upgrade(db)
    await db.close()
    file.chmod(before)
    again = Database(f"sqlite:///{file}")
    await migrate.refusal(again)
    assert stat.S_IMODE(file.stat().st_mode) == after
    await again.close()


async def test_a_copy_of_the_database(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/house.db")
    await migrate.upgrade(db)
    await db.close()
    where = DatabaseSettings(url=f"sqlite:///{tmp_path}/house.db")
    (tmp_path / "copies").mkdir()
    backup.backup(where, tmp_path / "copies" / "house.backup")
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(made) > 1
    assert {str(path): open_to(path) for path in made} == {str(path): "" for path in made}


def test_the_passwords_of_phones_are_each_its_own_and_nobody_elses_to_read(tmp_path: Path) -> None:
    settings = replace(
        Settings(), pbx=replace(Settings().pbx, phones={"anna": "register", "ben": "register"})
    )

    def make(name: str) -> str:
        return commands._own_secret(tmp_path / "run" / commands.PHONE.format(name))

    phones = commands.configuration(settings, "x", make).phones
    assert len({phone.password for phone in phones}) == 2
    assert commands.configuration(settings, "x", make).phones == phones, "and stays"
    assert {open_to(path) for path in (tmp_path / "run").iterdir()} == {""}


def test_the_demo(tmp_path: Path) -> None:
    with folders.own_folder(tmp_path / "demo") as folder:
        assert open_to(tmp_path / "demo") in ("", "x")
        assert open_to(folder) in ("", "x")
        assert open_to(tmp_path / "demo" / "lock") == ""
    with folders.passing_folder() as folder:
        assert open_to(folder) in ("", "x")


@pytest.mark.parametrize(
    "make", [private_files.private_file, lambda path: private_files.private_folder(path / "inner")]
)
def test_what_is_there_already_stays(tmp_path: Path, make: Callable[[Path], None]) -> None:
    tmp_path.chmod(0o755)
    make(tmp_path / "one")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
