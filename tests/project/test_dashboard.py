"""The Grafana dashboard asks for figures that there are, by labels that they have, and for every one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Metric

from pbx_bridge.metrics import REGISTRY

FILE = "docker/grafana/pbx-bridge.json"
_NAME = re.compile(r"\bpbx_\w+")


@pytest.fixture(scope="module")
def questions(root: Path) -> list[str]:
    """Every expression of a panel."""
    board = json.loads((root / FILE).read_text(encoding="utf-8"))
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def described(collector: Any) -> Iterable[Metric]:
    """Its figures, without their values."""
    found: Iterable[Metric] = collector.describe()
    return found


def samples(figure: Metric) -> Iterator[str]:
    """Names under which /metrics has it."""
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
    yield from (figure.name + ending for ending in endings.get(figure.type, ("",)))


def labels() -> dict[str, set[str]]:
    """Of each name the labels that it is counted by."""
    found = {}
    for collector in REGISTRY._collector_to_names:
        for figure in described(collector):
            more = {"le"} if figure.type == "histogram" else set()
            for name in samples(figure):
                found[name] = set(vars(collector)["_labelnames"]) | more
    return found


def test_each_panel_asks_for_what_there_is(questions: list[str]) -> None:
    known = labels()
    for question in questions:
        (name,) = _NAME.findall(question)
        assert name in known, question
        asked = re.search(r"\bby \(([^)]*)\)", question)
        by = {one.strip() for one in asked[1].split(",")} if asked else set()
        assert by <= known[name], question


def test_no_figure_is_left_out(questions: list[str]) -> None:
    shown = {name for question in questions for name in _NAME.findall(question)}
    hidden = [
        figure.name
        for collector in REGISTRY._collector_to_names
        for figure in described(collector)
        if not shown & set(samples(figure))
    ]
    assert hidden == []
