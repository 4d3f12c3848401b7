from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pbx_bridge.auth import throttle
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.db.engine import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SETTINGS = AuthSettings()


@pytest.mark.parametrize(
    "failures,seconds", [(1, 0), (3, 0), (4, 1), (5, 2), (6, 4), (9, 32), (10, 60), (1000, 60)]
)
def test_the_delay_doubles_up_to_the_longest(failures: int, seconds: float) -> None:
    assert throttle.delay(failures, free=3, settings=SETTINGS) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "address,neighbour,same",
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("nonsense", "", True),
    ],
)
def test_neighbours_share_a_network(address: str, neighbour: str, same: bool) -> None:
    assert (throttle.network(address) == throttle.network(neighbour)) is same


def test_keys_do_not_show_who_it_was() -> None:
    assert not any("anna" in key or "192" in key for key in throttle.keys("anna", "192.0.2.1", SETTINGS))


async def _enter(
    db: Database, now: datetime, login: str = "anna", address: str = "192.0.2.1", device: str = ""
) -> int:
    async with db.write() as conn:
        return await throttle.enter(conn, throttle.keys(login, address, SETTINGS, device), SETTINGS, now)


async def test_failures_of_an_account_slow_it_down_in_their_network_only(sqlite_db: Database) -> None:
    waits = [await _enter(sqlite_db, NOW, address=f"192.0.2.{host}") for host in range(6)]
    assert waits == [0, 0, 0, 0, 2, 2]
    assert await _enter(sqlite_db, NOW, address="198.51.100.1") == 0
    assert await _enter(sqlite_db, NOW, device="known") == 0
    assert await _enter(sqlite_db, NOW, login="ben") == 0
    assert await _enter(sqlite_db, NOW + timedelta(seconds=2)) == 0
    assert await _enter(sqlite_db, NOW + timedelta(seconds=2)) == 3


async def test_many_accounts_from_one_network_slow_the_network_down(sqlite_db: Database) -> None:
    waits = [await _enter(sqlite_db, NOW, login=f"login {number}") for number in range(33)]
    assert waits == [0] * 31 + [2, 2]
    assert await _enter(sqlite_db, NOW, login="anna", address="198.51.100.1") == 0


async def test_success_frees_the_account_but_not_the_network(sqlite_db: Database) -> None:
    keys = throttle.keys("anna", "192.0.2.1", SETTINGS)
    for number in range(30):
        await _enter(sqlite_db, NOW, login=f"login {number}")
    assert await _enter(sqlite_db, NOW) == 0
    async with sqlite_db.write() as conn:
        await throttle.succeed(conn, keys, NOW)
    assert await _enter(sqlite_db, NOW) == 0
    assert await _enter(sqlite_db, NOW) == 2


async def test_a_known_device_counts_for_itself_alone(sqlite_db: Database) -> None:
    waits = [await _enter(sqlite_db, NOW, device="known") for _ in range(6)]
    assert waits == [0, 0, 0, 0, 2, 2]
    assert await _enter(sqlite_db, NOW, device="another") == 0
    assert await _enter(sqlite_db, NOW) == 0
    async with sqlite_db.write() as conn:
        await throttle.succeed(conn, throttle.keys("anna", "192.0.2.1", SETTINGS, "known"), NOW)
    assert await _enter(sqlite_db, NOW, device="known") == 0


async def test_failures_fade(sqlite_db: Database) -> None:
    for _ in range(4):
        await _enter(sqlite_db, NOW)
    waits = [await _enter(sqlite_db, NOW + timedelta(hours=2)) for _ in range(5)]
    assert waits == [0, 0, 0, 0, 2]
