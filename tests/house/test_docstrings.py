"""What can be called says what it does."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest

import ocilayers


def everyday_callables() -> Iterator[tuple[str, object]]:
    """Classes and functions of the front door, and the public methods of both."""
    for name in ocilayers.__all__:
        thing = getattr(ocilayers, name)
        yield name, thing
        if isinstance(thing, type):
            for member, value in vars(thing).items():
                if not member.startswith("_") and _is_code(value):
                    yield f"{name}.{member}", getattr(thing, member, value)


def _is_code(value: object) -> bool:
    return inspect.isroutine(value) or isinstance(value, property | classmethod)


@pytest.mark.parametrize(
    "thing", [pytest.param(thing, id=name) for name, thing in everyday_callables()]
)
def test_it_has_a_docstring(thing: object) -> None:
    """Its own, or that of what it overrides."""
    assert inspect.getdoc(thing)


@pytest.mark.parametrize(
    "thing",
    [
        pytest.param(thing, id=name)
        for name, thing in everyday_callables()
        if name in ocilayers.__all__ and inspect.isfunction(thing)
    ],
)
def test_a_function_of_the_front_door_shows_how_it_is_called(thing: object) -> None:
    """With an example that is run."""
    assert ">>>" in (inspect.getdoc(thing) or "")
