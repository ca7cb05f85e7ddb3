"""What was found in one document, all of it."""

from __future__ import annotations

import pytest

from ocilayers.errors import DuplicateKeyError, InvalidFieldError
from ocilayers.limits import Limits
from ocilayers.spec.rules import DUPLICATE_KEY, EMPTY_PLATFORM
from ocilayers.wire._report import Report, at, shown


def test_a_wire_path_names_members_and_places() -> None:
    """Names that could be mistaken stand in brackets."""
    assert at("", "config") == "config"
    assert at("layers[2]", "size") == "layers[2].size"
    assert at("", "os.version") == "['os.version']"
    assert at("Labels", "") == "Labels['']"


def test_no_wire_path_is_longer_than_anybody_would_read() -> None:
    """Else a name of megabytes would be copied for each member below it."""
    long = at("", "a" * 10**6)

    assert long == f"{'a' * 1000}…"
    assert at(long, "b") == long


def test_what_is_shown_of_a_value_is_short() -> None:
    """A document may hold megabytes."""
    assert shown("x") == "'x'"
    assert shown("x" * 100) == f"'{'x' * 59}…"


def test_a_lenient_report_keeps_findings() -> None:
    """Nothing is raised."""
    report = Report(strict=False, limits=Limits())
    report.note(DUPLICATE_KEY, "a")
    report.note(EMPTY_PLATFORM, "b")

    assert [(f.code, f.where) for f in report.close()] == [
        ("duplicate-key", "a"),
        ("empty-platform", "b"),
    ]
    assert not report.is_empty


def test_a_strict_report_makes_problems_of_errors() -> None:
    """All of them are in the first, which is raised."""
    report = Report(strict=True, limits=Limits())
    report.note(EMPTY_PLATFORM, "a")
    report.note(DUPLICATE_KEY, "b")
    report.wrong("c", "the wrong value", expected=1, actual=2)

    with pytest.raises(DuplicateKeyError, match="b: a name twice") as caught:
        report.close()
    first, second = caught.value.problems
    assert first is caught.value
    assert isinstance(second, InvalidFieldError)
    assert str(second) == "c: the wrong value, expected 1, found 2"


def test_a_cleared_report_is_on_the_same_terms() -> None:
    """And empty."""
    report = Report(strict=True, limits=Limits(layers=1))
    report.wrong("a", "b")
    again = report.cleared()

    assert again.is_empty
    assert again.limits.layers == 1
    again.note(DUPLICATE_KEY, "a")
    assert len(again.problems) == 1
