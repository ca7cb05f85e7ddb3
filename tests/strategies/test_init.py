"""The front door of the strategies."""

from __future__ import annotations

import runpy
import sys

import pytest

from ocilayers import strategies


def test_without_hypothesis_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The extra, by its name."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)

    with pytest.raises(ImportError, match=r"ocilayers\[hypothesis\]"):
        runpy.run_path(strategies.__file__)
