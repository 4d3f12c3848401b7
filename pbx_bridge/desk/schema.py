"""The desk protocol as JSON Schema; `python -m pbx_bridge.desk.schema` writes it into docs/ anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import msgspec

from pbx_bridge.desk import protocol as p

FILE = Path(__file__).parents[2] / "docs" / "desk-protocol.schema.json"

SENT_BY_SERVER = (p.Hello, p.Beat, p.Numbered, p.Answer)
SENT_BY_CLIENT = get_args(p.ClientCommand)


def schema() -> dict[str, Any]:
    """One document: a message is valid when it is one of `server` or one of `client`."""
    kinds = (*SENT_BY_SERVER, *SENT_BY_CLIENT)
    references, definitions = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    named = list(references)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pbx-bridge desk protocol",
        "description": "Messages of the desk's WebSocket; prose in desk-protocol.md.",
        "anyOf": [{"$ref": "#/$defs/server"}, {"$ref": "#/$defs/client"}],
        "$defs": {
            "server": {"anyOf": named[: len(SENT_BY_SERVER)]},
            "client": {"anyOf": named[len(SENT_BY_SERVER) :]},
            **definitions,
        },
    }


def text() -> str:
    """The file's content."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
