"""Hypothesis knows our types, and costs next to nothing more."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from subprocess import run

import pytest
from hypothesis import Phase, find, settings, strategies as st
from hypothesis.strategies._internal import types

import ocilayers
from ocilayers._hypothesis import _STRATEGIES, register, strategy_for


@pytest.mark.parametrize("name", _STRATEGIES)
def test_a_type_is_drawn_without_a_strategy(name: str) -> None:
    """Of every type that there is a strategy for."""
    cls = getattr(ocilayers, name)
    once = settings(max_examples=1, database=None, phases=[Phase.generate])

    assert isinstance(find(st.from_type(cls), lambda _: True, settings=once), cls)


@pytest.mark.parametrize(
    "thing",
    [
        pytest.param(str, id="a type of Python"),
        pytest.param(ocilayers.Limits, id="a type without a strategy"),
        pytest.param(ocilayers.Document[ocilayers.ImageConfig], id="an alias"),
    ],
)
def test_others_are_left_alone(thing: object) -> None:
    """Hypothesis has ways of its own."""
    assert strategy_for(thing) is None


def test_it_is_registered_by_whoever_imports_hypothesis() -> None:
    """As an entry point."""
    [entry] = entry_points(group="hypothesis", name="ocilayers")

    assert register is entry.load()


def test_importing_hypothesis_imports_no_image() -> None:
    """Nor what images need: no more than how to fetch a name."""
    script = "import hypothesis, sys; print(*sys.modules)"
    done = run(  # noqa: S603 - our own script
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    imported = set(done.stdout.split())

    assert {"ocilayers", "ocilayers._hypothesis", "ocilayers._lazy"} == {
        name for name in imported if name.partition(".")[0] == "ocilayers"
    }
    assert imported.isdisjoint({"cattrs", "zstandard"})


def test_where_hypothesis_does_not_ask_types_are_registered_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It does not promise that it asks."""
    monkeypatch.delattr(types, "_global_extra_lookup")
    known: dict[object, object] = {}
    monkeypatch.setattr(types, "_global_type_lookup", known)

    register()

    assert {getattr(ocilayers, name) for name in _STRATEGIES} == set(known)
