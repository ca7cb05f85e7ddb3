"""One value of a document: what it is, or what is wrong with it."""

from __future__ import annotations

import pytest

from ocilayers._types import FrozenMap
from ocilayers.limits import Limits
from ocilayers.spec.media_types import OCI_LAYER
from ocilayers.wire._json import Members
from ocilayers.wire._members import Kind
from ocilayers.wire._report import Report
from ocilayers.wire._values import READERS, WRONG


def read(kind: Kind, value: object) -> tuple[object, list[str], list[str]]:
    """What is made of it, the places of problems, the codes of findings."""
    report = Report(strict=False, limits=Limits())
    found = READERS[kind](value, "here", report)
    problems = [problem.where for problem in report.problems]
    report.problems.clear()
    return found, problems, [finding.code for finding in report.close()]


def members(**items: object) -> Members:
    """An object."""
    return Members(items.items())


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", "", ""),
        ("name", "linux", "linux"),
        ("filled", "x", "x"),
        ("media type", "", ""),
        ("content type", "a/b", "a/b"),
        ("time", "", ""),
        ("integer", -5, -5),
        ("integer", (1 << 63) - 1, (1 << 63) - 1),
        ("size", 0, 0),
        ("boolean", False, False),
        ("data", "+/8=", b"\xfb\xff"),
        ("texts", ["a", ""], ("a", "")),
        ("environment", ["A=", "B=x=y"], ("A=", "B=x=y")),
        ("urls", ["ftp://x.test/%20", "urn:a"], ("ftp://x.test/%20", "urn:a")),
        ("tags", ["h:1/a:b"], ("h:1/a:b",)),
        ("annotations", members(a=""), {"a": ""}),
        ("names", members(a=None), {"a": None}),
        ("labels", members(), {}),
    ],
)
def test_what_is_right_is_taken(kind: Kind, value: object, expected: object) -> None:
    """Nothing is noticed."""
    assert read(kind, value) == (expected, [], [])


@pytest.mark.spec(
    "image-spec descriptor.md, Properties",
    "Each entry MUST conform to RFC 3986.",
)
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 1),
        ("name", None),
        ("filled", ""),
        ("filled", 1),
        ("media type", 1),
        ("media type", "no type"),
        ("content type", ""),
        ("content type", 1),
        ("digest", 1),
        ("digest", "sha256:x"),
        ("time", 1),
        ("integer", True),
        ("integer", "1"),
        ("integer", 1.5),
        ("size", float("9007199254740993")),
        ("integer", 1 << 63),
        ("integer", -(1 << 63) - 1),
        ("size", -1),
        ("size", None),
        ("boolean", 0),
        ("data", 1),
        ("data", "+/8"),
        ("data", "-_8="),
        ("data", "ä"),
        ("texts", "a"),
        ("texts", members()),
        ("annotations", []),
        ("labels", None),
        ("names", ["a"]),
        ("command", 1),
    ],
)
def test_what_is_wrong_is_told(kind: Kind, value: object) -> None:
    """Once, at its place."""
    assert read(kind, value) == (WRONG, ["here"], [])


@pytest.mark.parametrize(
    ("kind", "value", "where"),
    [
        ("texts", ["a", 1, None], ["here[1]", "here[2]"]),
        ("digests", ["md5:x", ""], ["here[1]"]),
        (
            "urls",
            ["https://a", "no scheme", "a:b c", 1],
            [f"here[{n}]" for n in (1, 2, 3)],
        ),
        ("environment", [1], ["here[0]"]),
        ("tags", [1], ["here[0]"]),
        ("annotations", members(**{"a": "b", "c.d": 1}), ["here['c.d']"]),
    ],
)
def test_what_is_wrong_inside_is_told_at_its_place(
    kind: Kind, value: object, where: list[str]
) -> None:
    """All of it."""
    assert read(kind, value) == (WRONG, where, [])


@pytest.mark.parametrize(
    ("kind", "value", "expected", "code"),
    [
        ("name", "", "", "empty-platform"),
        ("media type", OCI_LAYER.upper(), OCI_LAYER.upper(), "media-type-case"),
        ("time", "2021-06-07", "2021-06-07", "bad-time"),
        ("time", "2021-06-07t01:07:31Z", "2021-06-07t01:07:31Z", "lower-case-time"),
        ("integer", 2.0, 2, "integer-as-float"),
        ("size", 2e3, 2000, "integer-as-float"),
        ("integer", 1.0 - 2**53, 1 - 2**53, "integer-as-float"),
        ("command", "sh", ("sh",), "list-as-text"),
        ("environment", ["=x"], ("=x",), "bad-environment"),
        ("environment", ["x"], ("x",), "bad-environment"),
        ("environment", ["A=1\n2"], ("A=1\n2",), "multiline-environment"),
        ("tags", ["host:1/a"], ("host:1/a",), "untagged-image"),
        ("labels", members(**{"": "x"}), FrozenMap({"": "x"}), "empty-label-name"),
        (
            "annotations",
            Members([("a", "1"), ("a", "2")]),
            FrozenMap({"a": "2"}),
            "duplicate-key",
        ),
    ],
)
def test_what_is_odd_is_taken_and_noticed(
    kind: Kind, value: object, expected: object, code: str
) -> None:
    """With a stable code."""
    assert read(kind, value) == (expected, [], [code])
