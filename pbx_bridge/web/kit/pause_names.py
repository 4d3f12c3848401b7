"""What this house calls its reasons for a pause, for pages that show them: desk, floor and office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pbx_bridge.web.i18n import catalogue
from rules.presence.pause_reasons import PauseChoice
from rules.vocabulary import FIRST_LANGUAGE


def own_names(reasons: Iterable[PauseChoice], locale: str, group: str) -> Mapping[str, str]:
    """Sentences beside, or instead of, those of a catalogue: "<group>.<code>" is the name."""
    named = {f"{group}.{one.code}": one.name(locale, FIRST_LANGUAGE) for one in reasons}
    return {key: name for key, name in named.items() if name}


def pause_name(one: PauseChoice, locale: str) -> str:
    """As an agent of this language reads it."""
    return one.name(locale, FIRST_LANGUAGE) or catalogue("desk", locale).get(f"pauses.{one.code}", one.code)
