from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from argon2 import PasswordHasher

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


TYPED = ("Ötztal im Winter", "Zwölf\u00a0Äpfel im Korb", "Cà phê sữa đá ngon", "Ωμέγα και Άλφα")
SETTINGS = AuthSettings(argon2_memory_kib=64, argon2_time_cost=1)


@pytest.mark.parametrize("typed", TYPED)
async def test_a_letter_of_two_signs_is_that_letter(typed: str) -> None:
    passwords = Passwords(SETTINGS)
    spelled = [unicodedata.normalize(form, typed) for form in ("NFC", "NFD")]
    spelled.append(typed.replace("\u00a0", " "))
    for one in spelled:
        stored = passwords.hash(one)
        for other in spelled:
            verdict = await passwords.verify(stored, other)
            assert (verdict.right, verdict.new_hash) == (True, ""), (one, other)


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_what_was_stored_as_typed_goes_on_working(typed: str, form: str) -> None:
    """On whichever device; from then on a hash that fits all of them."""
    passwords = Passwords(SETTINGS)
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    then = unicodedata.normalize(form, typed)  # type: ignore[arg-type]
    for now in (unicodedata.normalize("NFC", typed), unicodedata.normalize("NFD", typed)):
        verdict = await passwords.verify(hasher.hash(then), now)
        assert verdict.right
        new = verdict.new_hash or hasher.hash(then)
        assert (await passwords.verify(new, then)).right
        assert (await passwords.verify(new, now)) == await passwords.verify(new, then)


async def test_the_longest_password_fits_when_its_letters_are_of_two_signs() -> None:
    passwords = Passwords(SETTINGS)
    longest = "Öä" * 100
    assert (await passwords.verify(passwords.hash(longest), unicodedata.normalize("NFD", longest))).right
    assert not (await passwords.verify(passwords.hash(longest), longest + "x")).right
