"""What the database could not answer beside a call is asked again, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

import pytest
from sqlalchemy import text

from pbx_bridge.desk.screen.background_reads import BackgroundReads
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from tests.until import until


class Questions:
    """Each fails as often as told."""

    def __init__(self, db: Database, reads: BackgroundReads) -> None:
        self.db, self.reads = db, reads
        self.failing: dict[str, list[Exception]] = {}
        self.asked: list[str] = []
        self.answered: list[str] = []

    def ask(self, what: str) -> None:
        self.reads.start((what,), self._work(what))

    def _work(self, what: str) -> Callable[[], Coroutine[None, None, None]]:
        async def work() -> None:
            self.asked.append(what)
            async with self.db.read() as conn:
                if failing := self.failing.get(what):
                    raise failing.pop(0)
                await conn.execute(text("SELECT 1"))
            self.answered.append(what)

        return work

    async def quiet(self) -> None:
        await until(lambda: self.reads.idle, message="nothing is being read")

    async def works_again(self) -> None:
        async with self.db.read() as conn:
            await conn.execute(text("SELECT 1"))
        await self.quiet()


@pytest.fixture
def questions(sqlite_db: Database) -> Questions:
    return Questions(sqlite_db, BackgroundReads(sqlite_db))


def away() -> StorageUnavailable:
    return StorageUnavailable("unreachable")


async def test_each_is_asked_again_once_until_it_is_answered(questions: Questions) -> None:
    questions.failing = {"earlier": [away(), away()], "draft": [away()]}
    for what in ("earlier", "draft", "earlier"):
        questions.ask(what)
    await questions.quiet()
    assert questions.answered == []

    await questions.works_again()

    assert sorted(questions.answered) == ["draft", "earlier"], "two that are the same are one"
    await questions.works_again()
    assert len(questions.answered) == 2, "and that was that"


async def test_what_fails_again_waits_again(questions: Questions) -> None:
    questions.failing = {"earlier": [away(), away()]}
    questions.ask("earlier")
    await questions.quiet()
    await questions.works_again()
    await questions.works_again()
    assert questions.asked == ["earlier"] * 3
    assert questions.answered == ["earlier"]


async def test_a_mistake_of_ours_is_not_repeated(questions: Questions) -> None:
    questions.failing = {"earlier": [ValueError("bug")], "draft": [away()]}
    questions.ask("earlier")
    await questions.quiet()
    questions.ask("draft")
    await questions.quiet()
    await questions.works_again()
    assert questions.asked == ["earlier", "draft", "draft"]
