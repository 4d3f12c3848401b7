"""Read the settings from file and environment, and say everything that is wrong with them in one message."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from pbx_bridge.settings.consistency import contradictions
from pbx_bridge.settings.convert import WrongValueError, from_text, from_toml
from pbx_bridge.settings.sections import Settings
from pbx_bridge.settings.values import Secret

PREFIX = "PBX_BRIDGE_"
DEFAULT_PATH = Path("settings.toml")


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """`key` is a path ("ami.port") or the name of a variable; `text` says what is wrong and what to do."""

    key: str
    text: str


class SettingsError(Exception):
    """The settings cannot be used; the message lists every problem."""

    def __init__(self, source: str, problems: list[SettingsProblem]) -> None:
        self.problems = tuple(problems)
        width = max(len(problem.key) for problem in problems)
        lines = [f"  {problem.key:<{width}}  {problem.text}" for problem in problems]
        count = f"{len(problems)} problems" if len(problems) > 1 else "1 problem"
        super().__init__("\n".join([f"{count} with the settings ({source}):", *lines]))


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Settings from `path`, else PBX_BRIDGE_SETTINGS, else ./settings.toml, if any; raises SettingsError.

    PBX_BRIDGE_<SECTION>_<KEY> in `environ` wins over the file. Secrets come only from there, or from the file
    that PBX_BRIDGE_<SECTION>_<KEY>_FILE names.
    """
    named = path or (Path(environ["PBX_BRIDGE_SETTINGS"]) if environ.get("PBX_BRIDGE_SETTINGS") else None)
    source = named or DEFAULT_PATH
    document = _parse(source, required=named is not None)
    problems: list[SettingsProblem] = []
    problems += _unknown_sections(document)
    sections = {
        name: _section(cls, name, document.get(name, {}), environ, problems)
        for name, cls in get_type_hints(Settings).items()
    }
    problems += _unknown_variables(environ)
    settings = Settings(**sections)
    problems += [SettingsProblem(key, text) for key, text in contradictions(settings)] if not problems else []
    if problems:
        raise SettingsError(str(source), problems)
    return settings


def effective(settings: Settings) -> Iterator[tuple[str, object]]:
    """Every key with the value in use, in the order of the file; secrets stay covered."""
    for section in fields(settings):
        values = getattr(settings, section.name)
        for key in fields(values):
            yield f"{section.name}.{key.name}", getattr(values, key.name)


def _parse(path: Path, *, required: bool) -> dict[str, Any]:
    if not required and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        reason = "is not UTF-8 text"
    except tomllib.TOMLDecodeError as error:
        reason = f"is not TOML: {error}"
    raise SettingsError(str(path), [SettingsProblem(path.name, reason)])


def _section(
    cls: type[Any], name: str, table: object, environ: Mapping[str, str], problems: list[SettingsProblem]
) -> Any:
    if not isinstance(table, dict):
        problems.append(SettingsProblem(name, f"must be a section: write [{name}] on a line of its own"))
        return cls()
    hints = get_type_hints(cls, include_extras=True)
    problems += [
        SettingsProblem(f"{name}.{key}", "unknown key" + _meant(key, hints))
        for key in table
        if key not in hints
    ]
    values: dict[str, Any] = {}
    for key, hint in hints.items():
        try:
            values |= _value(name, key, hint, table, environ)
        except WrongValueError as error:
            problems.append(SettingsProblem(f"{name}.{key}", str(error)))
    return cls(**values)


def _value(
    section: str, key: str, hint: Any, table: dict[str, Any], environ: Mapping[str, str]
) -> dict[str, Any]:
    """`{key: value}` where file or environment say something, `{}` where the default holds."""
    variable = f"{PREFIX}{section}_{key}".upper()
    if hint is Secret:
        if key in table:
            raise WrongValueError(
                f"is a secret: take it out of the file and set {variable} or {variable}_FILE"
            )
        return _secret(key, variable, environ)
    if variable in environ:
        try:
            return {key: from_text(environ[variable], hint)}
        except WrongValueError as error:
            raise WrongValueError(f"{error} (it comes from {variable})") from error
    return {key: from_toml(table[key], hint)} if key in table else {}


def _secret(key: str, variable: str, environ: Mapping[str, str]) -> dict[str, Secret]:
    if variable in environ:
        return {key: Secret(environ[variable])}
    if file := environ.get(f"{variable}_FILE"):
        try:
            return {key: Secret(Path(file).read_text(encoding="utf-8").strip())}
        except (OSError, UnicodeDecodeError) as error:
            raise WrongValueError(f"cannot be read from the file that {variable}_FILE names") from error
    return {}


def _unknown_sections(document: dict[str, Any]) -> list[SettingsProblem]:
    known = [section.name for section in fields(Settings)]
    return [
        SettingsProblem(name, "unknown section" + _meant(name, known))
        for name in document
        if name not in known
    ]


def _unknown_variables(environ: Mapping[str, str]) -> list[SettingsProblem]:
    """Variables that begin like one of our sections and name no key of it: most likely a slip of the pen."""
    known, prefixes = set[str](), set[str]()
    for section, cls in get_type_hints(Settings).items():
        prefixes.add(f"{PREFIX}{section}_".upper())
        for key, hint in get_type_hints(cls, include_extras=True).items():
            variable = f"{PREFIX}{section}_{key}".upper()
            known |= {variable, f"{variable}_FILE"} if hint is Secret else {variable}
    strangers = [name for name in environ if name.startswith(tuple(prefixes)) and name not in known]
    return [SettingsProblem(name, "unknown variable" + _meant(name, known)) for name in sorted(strangers)]


def _meant(word: str, known: Mapping[str, Any] | list[str] | set[str]) -> str:
    """`; did you mean "port"?`, or nothing when no known word is near."""
    near = get_close_matches(word, sorted(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else "; remove it"
