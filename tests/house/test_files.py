"""The files: small, each with its test, and nothing of one machine in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOFT = 350
HARD = 500

#: Files of the package that are longer than they should be, and why they are left so.
LONG: dict[str, str] = {
    "ocilayers/__init__.py": "a table with a line for each everyday name",
    "ocilayers/image/image.py": "the one object: each method a line, and what it costs",
    "ocilayers/tree/node.py": "one node answers as a path, a Traversable and a stat",
}


def _python() -> Iterator[Path]:
    for folder in ("ocilayers", "tests", "docs/_ext", "benchmarks"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def _text() -> Iterator[Path]:
    yield from _python()
    for folder in (".ci", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in {"", ".md", ".css"}:
                yield path
    yield from sorted(ROOT.glob("*.md"))
    yield ROOT / "pyproject.toml"


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_file_is_longer_than_it_may_be() -> None:
    """A file is one noun: what is longer holds two."""
    too_long = {_name(path): _lines(path) for path in _python() if _lines(path) > HARD}

    assert too_long == {}


def test_a_long_file_has_a_reason() -> None:
    """Past the soft limit a file stands in the list above, or gets shorter."""
    package = sorted((ROOT / "ocilayers").rglob("*.py"))
    long = {_name(path) for path in package if _lines(path) > SOFT}

    assert long == set(LONG)


def test_the_usual_file_of_the_package_is_short() -> None:
    """The median is what a reader meets."""
    lengths = sorted(_lines(path) for path in (ROOT / "ocilayers").rglob("*.py"))

    assert lengths[len(lengths) // 2] <= 200


@pytest.mark.parametrize("path", list(_text()), ids=_name)
def test_a_file_names_no_place_of_one_machine(path: Path) -> None:
    """What is written must be true on every machine."""
    places = re.compile(r"(?<![\w.])/(work|farm|root/\.|tmp/dev)\b")

    found = [
        line for line in path.read_text("utf-8").splitlines() if places.search(line)
    ]

    # This file has the pattern itself.
    assert path.samefile(__file__) or found == []


def test_the_lowest_versions_are_those_that_are_allowed() -> None:
    """What `.ci/run` tests with is what the package asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    allowed = {
        name: tuple(version.split("."))
        for name, version in (need.split(">=") for need in project["dependencies"])
    }
    pins = (ROOT / ".ci" / "lowest.txt").read_text("utf-8").splitlines()[1:]
    tested = {
        name: tuple(version.split("."))[:2]
        for name, version in (pin.split("==") for pin in pins)
    }

    assert allowed == tested
