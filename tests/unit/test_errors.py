"""Every exception a user can meet has a code of the table, and refusals of the rules are conflicts."""

from __future__ import annotations

from pbx_bridge import errors
from pbx_bridge.errors import HTTP_STATUS, NotFoundError, Refused, UserError


def test_every_user_error_has_a_code_with_its_own_status() -> None:
    kinds = UserError.__subclasses__()
    assert kinds
    assert {kind.code for kind in kinds} <= set(HTTP_STATUS)
    assert len({kind.code for kind in kinds}) == len(kinds)


def test_the_text_of_an_error_is_its_code_and_nothing_personal() -> None:
    error = NotFoundError(number="+49 30 23125100")
    assert str(error) == "not_found"
    assert error.params["number"] == "+49 30 23125100"
    assert error.status == 404


def test_a_refusal_of_a_rule_is_a_conflict() -> None:
    assert errors.http_status(Refused("tariff").code) == 409
    assert errors.http_status(Refused("invalid").code) == 422


def test_unknown_codes_are_not_server_errors() -> None:
    assert errors.http_status("something_new") == 409
