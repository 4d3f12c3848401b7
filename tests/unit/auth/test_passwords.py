from __future__ import annotations

from dataclasses import replace

from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.settings import AuthSettings


async def test_only_the_password_fits() -> None:
    passwords = Passwords(AuthSettings())
    stored = passwords.hash("Zwölf Äpfel im Korb")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await passwords.verify(stored, "Zwölf Äpfel im Korb")).right
    assert not (await passwords.verify(stored, "Zwölf Äpfel im Kor")).right
    assert not (await passwords.verify("no hash", "Zwölf Äpfel im Korb")).right


async def test_nobody_is_let_in_with_the_decoys_password() -> None:
    assert not (await Passwords(AuthSettings()).verify(None, "nobody has this password")).right


async def test_stricter_settings_give_a_new_hash() -> None:
    stored = Passwords(AuthSettings()).hash("Zwölf Äpfel im Korb")
    stricter = Passwords(replace(AuthSettings(), argon2_time_cost=3))

    verdict = await stricter.verify(stored, "Zwölf Äpfel im Korb")

    assert ",t=3," in verdict.new_hash
    assert (await stricter.verify(verdict.new_hash, "Zwölf Äpfel im Korb")).new_hash == ""
