"""Which settings a command of ours runs with."""

from __future__ import annotations

import os

import typer

from pbx_bridge import log
from pbx_bridge.settings import Settings, load


def read_settings(context: typer.Context) -> Settings:
    """The settings this run was asked to use, with the log set up as they say; raises SettingsError."""
    settings = load(context.obj, os.environ)
    log.configure(settings.log.level, settings.log.format)
    return settings
