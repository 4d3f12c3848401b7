"""One foreign value (from TOML, or text from the environment) into the type a setting declares."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin

from pbx_bridge.settings.values import Between

TRUE_WORDS = {"true", "yes", "on", "1"}
FALSE_WORDS = {"false", "no", "off", "0"}


class WrongValueError(ValueError):
    """Says in words what the value should be."""


def from_toml(value: object, hint: Any) -> Any:
    """The value as `hint` wants it; raises WrongValueError. TOML's types must match, nothing is guessed."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, limits = get_args(hint)
        return _within(from_toml(value, base), limits)
    if origin is Literal:
        return _one_of(value, get_args(hint))
    if origin is tuple:
        if not isinstance(value, list):
            raise WrongValueError("must be a list, e.g. [ … ]")
        return tuple(from_toml(item, get_args(hint)[0]) for item in value)
    if origin is Mapping:
        return _table(value)
    return _plain(value, hint)


def from_text(text: str, hint: Any) -> Any:
    """Like `from_toml` for an environment variable: lists are parted by commas, tables are `name=value`."""
    origin = get_origin(hint)
    if origin is tuple:
        return tuple(from_text(part.strip(), get_args(hint)[0]) for part in text.split(",") if part.strip())
    if origin is Mapping:
        return _table(dict(part.strip().split("=", 1) for part in text.split(",") if "=" in part))
    base = get_args(hint)[0] if origin is Annotated else hint
    return from_toml(_typed(text, base), hint)


def _typed(text: str, base: Any) -> object:
    if base is bool:
        word = text.lower()
        return True if word in TRUE_WORDS else False if word in FALSE_WORDS else text
    try:
        return base(text) if base in {int, float} else text
    except ValueError:
        return text


def _plain(value: object, wanted: Any) -> Any:
    if wanted is Path and isinstance(value, str):
        return Path(value).expanduser()
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return value
    if type(value) is wanted:
        return value
    names = {int: "a whole number", float: "a number", bool: "true or false", str: "text", Path: "a path"}
    raise WrongValueError(f"must be {names[wanted]}")


def _within(value: float, limits: Between) -> float:
    if not limits.low <= value <= limits.high:
        raise WrongValueError(f"must be between {limits.low:g} and {limits.high:g}")
    return value


def _one_of(value: object, choices: tuple[str, ...]) -> object:
    if value not in choices:
        raise WrongValueError("must be one of " + ", ".join(f'"{choice}"' for choice in choices))
    return value


def _table(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise WrongValueError('must be a table of texts, e.g. name = "…"')
    return MappingProxyType(value)
