"""The way to the database: many readers, one writer, and one answer to every kind of "not now"."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakSet

import asyncpg
from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from pbx_bridge.private_files import private_folder
from pbx_bridge.settings.sections import DatabaseSettings
from pbx_bridge.storage.db import last_deed
from pbx_bridge.storage.db.bounded import bounded
from pbx_bridge.storage.db.closing import leave_no_closing_behind
from pbx_bridge.storage.db.failures import StorageUnavailable, translated
from pbx_bridge.storage.db.fence import Fence
from pbx_bridge.storage.db.rebuilding import unchecked_references
from pbx_bridge.storage.db.sqlite_file import SqliteFile, log_emptied
from pbx_bridge.storage.db.types import only_characters
from pbx_bridge.storage.db.wake_up import wake_others

__all__ = ["AsyncConnection", "Database", "StorageUnavailable", "database_of"]

Found = TypeVar("Found")
CLOSE_SECONDS = 2.0
PATIENT_SECONDS = 3600.0

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_TOUCHED = "pbx_bridge_touched"


class Database:
    """One database, SQLite (`sqlite:///var/pbx.db`) or PostgreSQL (`postgresql://user:password@host/name`).

    Nothing is opened before the first use. `busy_seconds`: how long a statement waits for another process's
    lock, and a writer for its turn; `answer_seconds`: how long PostgreSQL has to answer. Both `read` and
    `write` raise `StorageUnavailable` when the database cannot answer now; while somebody `watched` it fall
    silent, at once.
    """

    def __init__(
        self,
        url: str,
        *,
        password: str = "",
        busy_seconds: float = 5.0,
        answer_seconds: float = 5.0,
        pool_size: int = 5,
        fence: Fence | None = None,
    ) -> None:
        """`fence`: of the service whose connections these are, where others stand by."""
        self._fence = fence
        self.url: URL = make_url(url)
        if password:
            self.url = self.url.set(password=password)
        self.dialect: str = self.url.get_backend_name()
        if self.dialect not in _DRIVERS:
            raise ValueError(
                f"database url must begin with sqlite:// or postgresql://, not {self.dialect}://"
            )
        self.busy_seconds, self._answer_seconds = busy_seconds, answer_seconds
        self.watched = False
        """Somebody keeps looking whether it answers: nobody else needs to wait to find out."""
        self._silent = False
        self._pool_size = pool_size
        self._turn = asyncio.Lock() if self.dialect == "sqlite" else None
        self._listeners: list[Callable[[], None]] = []
        self._awaiting: list[Callable[[], None]] = []
        self._down = ""
        self.log_is_full = False
        """SQLite's write-ahead log was to be emptied, and somebody was reading from it: later, then."""
        self._arguments: dict[str, Any] = {}
        self._held: WeakSet[Any] = WeakSet()
        url_of_driver = self.url.set(drivername=_DRIVERS[self.dialect])
        self._readers, self._writers, self._lookout = self._engines(url_of_driver)

    def __repr__(self) -> str:
        return f"Database({self.url.render_as_string(hide_password=True)!r})"

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one consistent state and cannot write; never waits for writers."""
        with self._noticed(healing="unreachable"), translated():
            self._gate()
            async with _connected(self._readers) as connection, connection.begin():
                yield connection

    async def look(self, ask: Callable[[AsyncConnection], Awaitable[Found]]) -> Found:
        """Whether it answers, past all who wait for it. After a silence this opens the way for everybody;
        when it begins, all who wait are told. Raises StorageUnavailable."""
        try:
            with self._noticed(healing="unreachable", opens=True), translated():
                async with asyncio.timeout(self._answer_seconds), _connected(self._lookout) as connection:
                    return await ask(connection)
        except StorageUnavailable as error:
            if (
                error.reason == "unreachable" and self.dialect != "sqlite"
            ):  # a file is slow, it falls silent never
                self._silent = True
                for connection in tuple(self._held):
                    connection.terminate()
            raise

    @contextlib.asynccontextmanager
    async def write(self, *, rebuilding: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction: stored, and on disk, when the block has ended without an exception; else nothing of
        it. `rebuilding`: tables are made anew in it, see `rebuilding.unchecked_references`."""
        async with self._my_turn():
            with self._noticed(), translated():
                self._gate()
                async with _connected(self._writers) as connection:
                    connection.info.pop(_TOUCHED, None)
                    last_deed.none_yet(connection)
                    around = unchecked_references(connection) if rebuilding else contextlib.nullcontext()
                    async with around, connection.begin():
                        yield connection
                        await last_deed.done(connection)
                    touched = connection.info.pop(_TOUCHED, False)
                    if touched and self.dialect == "postgresql":
                        await wake_others(connection)
        if touched:
            for listener in self._listeners:
                listener()

    def on_touch(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each commit of this process that went through `data_version.touch`; returns
        the way to end it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def on_recovery(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when the database has answered again after it could not; returns the way to end
        it."""
        self._awaiting.append(listener)
        return lambda: self._awaiting.remove(listener)

    @property
    def down(self) -> str:
        """Why the last try failed, in the words of `StorageUnavailable`; empty when it did not."""
        return self._down

    def _gate(self) -> None:
        if self._silent and self.watched:
            raise StorageUnavailable("unreachable", "silent")

    @contextlib.contextmanager
    def _noticed(self, healing: str = "", *, opens: bool = False) -> Iterator[None]:
        """A success after a failure is told to whoever waits for it. Reading proves nothing about writing: it
        counts only after the failures named `healing`."""
        try:
            yield
        except StorageUnavailable as error:
            self._down = error.reason
            raise
        self._silent = self._silent and not opens
        if self._down and healing in ("", self._down):
            self._down = ""
            for listener in tuple(self._awaiting):
                listener()

    async def listener(self) -> Any:
        """A connection of PostgreSQL's driver, beside all others: for LISTEN. A silence ends it, too.
        Raises what the driver raises."""
        url = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return await asyncpg.connect(url, **self._arguments)

    async def close(self) -> None:
        """Close all connections; the database may be used again afterwards."""
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                for engine in dict.fromkeys((self._lookout, self._readers, self._writers)):
                    await engine.dispose()
        except TimeoutError:
            for connection in tuple(self._held):
                connection.terminate()
        finally:
            await leave_no_closing_behind()

    async def empty_log(self) -> bool:
        """Empty SQLite's write-ahead log, where erased text could be read until then. False: somebody reads
        from it, and it is still full; nobody waits for that, whoever writes least of all."""
        if self.dialect != "sqlite":
            return True
        self.log_is_full = True
        async with self._my_turn():
            with translated():
                async with _connected(self._writers) as connection:
                    raw = await connection.get_raw_connection()
                    assert raw.driver_connection is not None
                    self.log_is_full = not await log_emptied(raw.driver_connection)
        return not self.log_is_full

    @contextlib.asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        """SQLite has one writer: wait in line here, in order, instead of in its busy handler, which is a
        lottery."""
        if self._turn is None:
            yield
            return
        try:
            async with asyncio.timeout(self.busy_seconds * 2):
                await self._turn.acquire()
        except TimeoutError as error:
            raise StorageUnavailable("locked", "other writers take too long") from error
        try:
            yield
        finally:
            self._turn.release()

    def _engines(self, url: URL) -> tuple[AsyncEngine, AsyncEngine, AsyncEngine]:
        if self.dialect == "postgresql":
            self._arguments, self._held = bounded(self._answer_seconds, self.busy_seconds)
            engine, lookout = (
                create_async_engine(
                    url,
                    pool_size=size,
                    pool_pre_ping=True,
                    pool_timeout=self.busy_seconds,
                    connect_args=self._arguments,
                    hide_parameters=True,
                )
                for size in (self._pool_size, 1)
            )
            only_characters(engine.sync_engine)
            if self._fence is not None:
                self._fence.guard(engine.sync_engine)
            reading = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
            return engine.execution_options(**reading), engine, lookout
        if not url.database or ":memory:" in url.database:
            raise ValueError("database url must name a file: sqlite:///folder/name.db")
        private_folder(Path(url.database).parent)
        file = SqliteFile(url, self.busy_seconds)
        readers = file.engine(begin="BEGIN", size=self._pool_size)
        return readers, file.engine(begin="BEGIN IMMEDIATE", size=1), readers


@contextlib.asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    try:
        connection = await engine.connect()
    except (OSError, TimeoutError) as error:  # the driver lets them through: host unknown, connection refused
        raise StorageUnavailable("unreachable", type(error).__name__) from error
    try:
        yield connection
    finally:
        await connection.close()


def database_of(settings: DatabaseSettings, *, patient: bool = False, fence: Fence | None = None) -> Database:
    """The database that the settings name. `patient`: for a chore that takes the time it takes; `fence`: of
    a service that leads."""
    return Database(
        settings.full_url(),
        busy_seconds=settings.busy_timeout_seconds,
        answer_seconds=PATIENT_SECONDS if patient else settings.answer_timeout_seconds,
        fence=fence,
    )


def mark_touched(connection: AsyncConnection) -> None:
    """Note on the running transaction that its commit is to be told to `on_touch` listeners."""
    connection.info[_TOUCHED] = True
