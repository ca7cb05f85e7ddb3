"""Errors say what, where, expected and actual, and lose nothing on their way."""

from __future__ import annotations

import copy
import io
import pickle

import pytest

from ocilayers.errors import (
    AmbiguousImageError,
    DigestMismatchError,
    DocumentError,
    InvalidFieldError,
    LimitExceededError,
    OCILayersError,
    PathNotFoundError,
)


def pickled(error: OCILayersError) -> object:
    """Through bytes and back, as to another process."""
    return pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes


def _made(
    kind: type[OCILayersError], message: str, state: dict[str, object]
) -> OCILayersError:
    error = kind(message)
    vars(error).update(state)
    return error


def pickled_by_others(error: OCILayersError) -> object:
    """As by tools that send tracebacks along: what an error holds goes before it."""
    file = io.BytesIO()
    pickler = pickle.Pickler(file)
    kinds = (DocumentError, InvalidFieldError)
    pickler.dispatch_table = dict.fromkeys(
        kinds, lambda it: (_made, (type(it), it.message, vars(it)))
    )
    pickler.dump(error)
    return pickle.loads(file.getvalue())  # noqa: S301 - our own bytes


CASES = {
    "all": (
        DigestMismatchError("other bytes", where="layers[0]", expected="a", actual="b"),
        "layers[0]: other bytes, expected a, found b",
    ),
    "message alone": (OCILayersError("no such thing"), "no such thing"),
    "choices": (
        AmbiguousImageError("which one", choices=("a:1", "b\n")),
        "which one: a:1, b\\x0a",
    ),
    "no choices": (AmbiguousImageError("which one"), "which one"),
    "a key error without quotes": (PathNotFoundError("no such path"), "no such path"),
}


@pytest.mark.hostile("names that are markup or move a cursor")
@pytest.mark.parametrize(("error", "text"), CASES.values(), ids=CASES)
def test_it_prints_what_it_knows(error: OCILayersError, text: str) -> None:
    """And nothing that could move a cursor."""
    assert text == str(error)


@pytest.mark.parametrize("error", [error for error, _ in CASES.values()], ids=CASES)
@pytest.mark.parametrize(
    "moved",
    [copy.copy, copy.deepcopy, pickled],
    ids=["copy", "deepcopy", "pickle"],
)
def test_it_travels_whole(error: OCILayersError, moved: object) -> None:
    """To another process too."""
    assert callable(moved)
    again = moved(error)
    assert (type(error), str(error), vars(error)) == (
        type(again),
        str(again),
        vars(again),
    )


def test_a_document_error_travels_with_all_its_problems() -> None:
    """It is one of them itself, so what is sent leads back to where it began."""
    problems = [DocumentError("wrong", where=where, actual=1) for where in ("a", "b")]
    first = DocumentError("wrong", where="a", problems=tuple(problems))
    alone = InvalidFieldError("wrong", where="a", expected=2, offset=3)

    for moved in (pickled, pickled_by_others, copy.deepcopy):
        again, still_alone = moved(first), moved(alone)

        assert isinstance(again, DocumentError)
        assert ["a", "b"] == [problem.where for problem in again.problems]
        assert str(first) == str(again)
        assert isinstance(still_alone, InvalidFieldError)
        assert (still_alone,) == still_alone.problems
        assert "a: wrong, expected 2, at byte 3" == str(still_alone)


@pytest.mark.hostile("names that are markup or move a cursor")
def test_what_it_prints_is_short() -> None:
    """Though it keeps all: whoever wrote a name may have written megabytes."""
    name = "a" * 10**6
    error = OCILayersError("odd", where=name, expected=name, actual=name)

    assert (name, name, name) == (error.where, error.expected, error.actual)
    assert f"{name[:1000]}…: odd, expected {name[:1000]}…, found {name[:1000]}…" == (
        str(error)
    )


def test_a_limit_is_named() -> None:
    """So that a caller can raise the right one."""
    error = LimitExceededError("too many", where="x", limit="layers", expected=1)
    assert ("layers", 1) == (error.limit, error.expected)
