"""How the service says no: refusals are values, surprises are exceptions, and both have a stable code.

`Refused` is the one of `rules.decision`: rules and shell say no with the same value.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from rules.decision import Refused

__all__ = [
    "HTTP_STATUS",
    "BadHostError",
    "BadRequestError",
    "BusyError",
    "ForbiddenError",
    "NotFoundError",
    "NotLoggedInError",
    "PbxDownError",
    "Refused",
    "StorageDownError",
    "TooLargeError",
    "TooManyError",
    "TooMuchError",
    "TooSlowError",
    "UnsupportedMediaError",
    "UserError",
    "http_status",
]

# The one place where a code becomes an HTTP status; WebSocket answers carry the code itself. The words for a
# code are in the message catalogues, under [errors]. A code that is not here is a refusal of the rules: 409.
HTTP_STATUS: Mapping[str, int] = MappingProxyType(
    {
        "bad_request": 400,
        "invalid": 422,
        "text_too_long": 422,
        "not_logged_in": 401,
        "wrong_login": 401,
        "bad_csrf": 403,
        "bad_origin": 403,
        "forbidden": 403,
        "not_found": 404,
        "too_slow": 408,
        "conflict": 409,
        "stale": 409,
        "too_large": 413,
        "too_much": 413,
        "unsupported_media": 415,
        "bad_host": 421,
        "too_many": 429,
        "internal": 500,
        "busy": 503,
        "storage_down": 503,
        "pbx_down": 503,
    }
)
REFUSED_BY_RULE = 409


def http_status(code: str) -> int:
    """The HTTP status under which a page or API answers with this code."""
    return HTTP_STATUS.get(code, REFUSED_BY_RULE)


class UserError(Exception):
    """Something the person in front of the screen should read; shown by `code`, never by its text."""

    code: ClassVar[str] = "internal"

    def __init__(self, **params: str | int) -> None:
        super().__init__(self.code)
        self.params = MappingProxyType(params)

    @property
    def status(self) -> int:
        """HTTP status of this error."""
        return http_status(self.code)


class BadRequestError(UserError):
    """The request cannot be read."""

    code = "bad_request"


class NotLoggedInError(UserError):
    """Nobody is logged in, or not any longer."""

    code = "not_logged_in"


class ForbiddenError(UserError):
    """Logged in, and not allowed."""

    code = "forbidden"


class NotFoundError(UserError):
    """Not there, or somebody else's: both look the same."""

    code = "not_found"


class BadHostError(UserError):
    """Called by a name that is none of ours."""

    code = "bad_host"


class TooSlowError(UserError):
    """The body did not come in time."""

    code = "too_slow"


class TooLargeError(UserError):
    """More than this route takes."""

    code = "too_large"


class UnsupportedMediaError(UserError):
    """A body in a form, charset or encoding that we do not read."""

    code = "unsupported_media"


class TooMuchError(UserError):
    """More than we work on for one request, in time or in memory."""

    code = "too_much"


class TooManyError(UserError):
    """Too often; `seconds` until it may be tried again."""

    code = "too_many"


class BusyError(UserError):
    """Too many others ask at the moment."""

    code = "busy"


class StorageDownError(UserError):
    """The database does not take or give anything at the moment."""

    code = "storage_down"


class PbxDownError(UserError):
    """The PBX is not connected at the moment."""

    code = "pbx_down"
