"""What every test may use; nothing here starts anything by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import structlog
from aiohttp import web_app
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # xdist has none

from pbx_bridge.web.rendering import compile_pages
from tests import files_in_memory
from tests.thorough import mark_of

files_in_memory.use()

# The real Asterisk, for whoever asks for `room`, and the databases: `db` is each of them in turn.
pytest_plugins = ["tests.pbx.fixtures", "tests.databases", "tests.loop_watch"]

ROOT = Path(__file__).resolve().parent.parent
TOGETHER = (
    "tests/browser/stories/",
    "tests/browser/test_demo_story.py",
    "tests/big/test_desk_and_floor.py",
    "tests/big/test_portal_forms.py",
    "tests/big/test_portal_routes.py",
    "tests/big/test_office_routes.py",
)
"""What shares one house that is dear to open stays in one process."""


WAITING = ("tests/integration/", "tests/contract/", "tests/browser/stories/")
"""What waits for phones, timers and ends of processes more than it computes."""


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Each test wherever there is room, but for `TOGETHER`; xdist's own groups know no node of pytest 9.2.

    One process of four computes first and the others take what waits: so the cores are busy all the time.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((path for path in TOGETHER if nodeid.startswith(path)), nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        wanted = self.nodes.index(node) % 4 != 0
        found = next((unit for unit in self.workqueue if unit.startswith(WAITING) == wanted), None)
        if found is not None:
            self.workqueue.move_to_end(found, last=False)
        super()._assign_work_unit(node)

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """What is done is forgotten: xdist counts through all that a process ever had."""
        super().mark_test_complete(node, item_index, duration)
        done = [unit for unit, tests in self.assigned_work[node].items() if all(tests.values())]
        for unit in done:
            del self.assigned_work[node][unit]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if mark := mark_of(item.nodeid):
            item.add_marker(mark)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """What aiohttp remembers of the last thousand handlers held the whole house of each test: a gigabyte in
    the end, over which the garbage collector walks."""
    yield
    web_app._cached_build_middleware.cache_clear()


# No test asserts a time: machines are shared.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _plain_log() -> None:
    """Log as the service does: structlog's default draws a picture of each traceback, which takes seconds."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),  # pytest shows it with the test that failed
    )


@pytest.fixture(scope="session", autouse=True)
def _pages_ready() -> None:
    """The service compiles its pages beside the first calls; here nobody waits for that."""
    compile_pages()


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def need() -> Callable[[object, str], None]:
    """`need(found, "Chromium")`: what is missing fails in CI; elsewhere the test skips and names it."""

    def check(found: object, what: str) -> None:
        if found:
            return
        if os.environ.get("CI") == "true":
            pytest.fail(f"{what} is missing, and CI does not skip")
        pytest.skip(f"{what} is missing here")

    return check
