"""The cases of the shared facts, as rows of tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conftest import shared_root

__all__ = ["cases", "rows"]


def cases(file: str, key: str | None = None) -> list[dict[str, Any]]:
    """The cases of one file, or of one part of it; none where there is no corpus."""
    root = shared_root()
    if root is None:
        return []
    found = json.loads((root / f"conformance/{file}.json").read_text("utf-8"))
    listed: list[dict[str, Any]] = found if key is None else found[key]
    return listed


def rows(found: list[dict[str, Any]], name: str = "name") -> list[Any]:
    """The cases as rows of a table, each with a name of its own."""
    return [pytest.param(case, id=f"{n}-{case[name]}") for n, case in enumerate(found)]
