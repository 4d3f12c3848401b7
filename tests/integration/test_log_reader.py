"""Whoever reads the log may stop reading it: calls, pages and the end of the service wait for no reader."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pbx_bridge.asterisk.ports import free_port
from pbx_bridge.log import writer
from pbx_bridge.log.writer import Writer, note
from tests import databases
from tests.integration.lone_service import Pipe, answers, full_pipe, settings_of, start
from tests.raw_http import ask, head
from tests.until import PATIENCE, until

sqlite_url = databases.sqlite_url


async def _once(holds: Callable[[], object], message: str) -> None:
    await until(holds, 30, message)


async def test_a_reader_who_stops_reading_holds_up_nobody(tmp_path: Path, sqlite_url: str) -> None:
    port = free_port()
    with full_pipe() as pipe:
        process = await start(tmp_path / "settings.toml", settings_of(sqlite_url, port), pipe.writing)
        try:
            async with asyncio.timeout(60):
                while not await answers(port):
                    assert process.returncode is None
                    await asyncio.sleep(0.1)
            for number in range(50):
                answer = await ask(port, head("GET", "/", f"Bad Header: {number}"))
                assert answer.status == 400
            assert await answers(port)
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE):
                assert await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def test_who_reads_again_gets_what_waited(tmp_path: Path, sqlite_url: str) -> None:
    port = free_port()
    with full_pipe() as pipe:
        process = await start(tmp_path / "settings.toml", settings_of(sqlite_url, port), pipe.writing)
        try:
            async with asyncio.timeout(60):
                while not await answers(port):
                    await asyncio.sleep(0.1)
            await _once(lambda: b'"ready"' in pipe.text(), "the line that waited")
            process.terminate()
            await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    with full_pipe() as made:
        yield made


def _nothing() -> Iterator[logging.LogRecord]:
    yield from ()


async def test_what_was_lost_is_counted_and_said_when_somebody_reads(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_BYTES", 1_000)
    handler = Writer(pipe.writing, _nothing)
    handler.setFormatter(logging.Formatter("%(message)s %(count)s"))
    for number in range(500):
        handler.emit(note("line", count=number))
    await _once(lambda: b"log_lines_lost" in pipe.text(), "the count")
    *lines, last = pipe.text().decode().split("\n")[:-1]
    written = [line for line in lines if line]
    assert written == [f"line {number}" for number in range(len(written))]
    assert last == f"log_lines_lost {500 - len(written)}"
    handler.close()


async def test_a_reader_who_is_gone_costs_lines_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LOOK_SECONDS", 0.01)
    reading, writing = os.pipe()
    handler = Writer(writing, _nothing)
    handler.setFormatter(logging.Formatter("%(message)s"))
    os.close(reading)
    handler.emit(note("into nothing"))
    await _once(lambda: handler._lost == 1, "the line to be lost")
    handler.close()
    os.close(writing)


async def test_a_hurried_pipe_is_waited_for_by_the_thread(pipe: Pipe) -> None:
    os.set_blocking(pipe.writing, False)
    handler = Writer(pipe.writing, _nothing)
    handler.setFormatter(logging.Formatter("%(message)s"))
    handler.emit(note("x" * 20_000))
    await _once(lambda: pipe.text().count(b"x") == 20_000, "all of it")
    handler.close()


async def test_a_line_that_cannot_be_written_is_said_so(pipe: Pipe) -> None:
    handler = Writer(pipe.writing, _nothing)
    handler.setFormatter(logging.Formatter("%(message)s %(missing)s"))
    handler.emit(note("\udcff"))
    await _once(lambda: b"log_line_failed" in pipe.text(), "the line")
    assert json.loads(pipe.text().split(b"\n")[-2])["event"] == "log_line_failed"
    handler.close()
