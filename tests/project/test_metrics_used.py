"""Every figure of this process moves: somebody counts, sets or times it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase

from pbx_bridge import metrics

MOVES = {"inc", "dec", "set", "observe", "time", "set_function"}


def moved(tree: ast.AST) -> Iterator[str]:
    """Names of the metrics that this module moves, however it imports them."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in MOVES:
            figure = call.func.value
            while isinstance(figure, ast.Call) and isinstance(figure.func, ast.Attribute):
                figure = figure.func.value  # `.labels(…)`
            if isinstance(figure, ast.Attribute) and ast.unparse(figure.value) == "metrics":
                yield figure.attr
            elif isinstance(figure, ast.Name):
                yield figure.id


def test_every_metric_moves(root: Path) -> None:
    sources = (path for path in (root / "pbx_bridge").rglob("*.py"))
    found = {name for path in sources for name in moved(ast.parse(path.read_text()))}
    figures = {name for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)}
    assert len(figures) > 10
    assert figures - found == set()
