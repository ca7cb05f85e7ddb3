"""The sentences of the standards that tests hold the package to.

A test says so with `@pytest.mark.spec(source, sentence)`; the marks are read from
the text of the tests, so that no test is imported or run for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import attrs

__all__ = ["Shown", "conformance"]


@attrs.frozen
class Shown:
    """One sentence, and one test that shows that it holds.

    Attributes:
        source: The document and the section of the sentence.
        sentence: As the standard writes it.
        test: File and name, as pytest takes them.
        module: The module under test, by the name of the test file; empty for laws.
    """

    source: str
    sentence: str
    test: str
    module: str


def conformance(tests: Path) -> dict[str, dict[str, list[Shown]]]:
    """Each sentence with the tests that show it, by the source of the sentence."""
    table: dict[str, dict[str, list[Shown]]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        for shown in _marks(path, tests):
            sentences = table.setdefault(shown.source, {})
            sentences.setdefault(shown.sentence, []).append(shown)
    return dict(sorted(table.items()))


def _marks(path: Path, tests: Path) -> Iterator[Shown]:
    relative = path.relative_to(tests)
    module = _module(relative)
    file = f"tests/{relative.as_posix()}"
    for node, test in _tests(ast.parse(path.read_text("utf-8")), file):
        for decorator in node.decorator_list:
            match decorator:
                case ast.Call(
                    func=ast.Attribute(attr="spec"),
                    args=[ast.Constant(str(source)), ast.Constant(str(sentence))],
                ):
                    yield Shown(source, sentence, test, module)
                case _:
                    pass


def _tests(
    tree: ast.Module | ast.ClassDef, prefix: str
) -> Iterator[tuple[ast.FunctionDef | ast.ClassDef, str]]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name):
                yield node, f"{prefix}::{name}"
            case ast.ClassDef(name=name):
                yield node, f"{prefix}::{name}"
                yield from _tests(node, f"{prefix}::{name}")
            case _:
                pass


def _module(relative: Path) -> str:
    """The module that a test file is about: the same name without `test_`."""
    folder = relative.parent.as_posix().replace("/", ".")
    if folder in {"laws", "conformance", "differential", "house"}:
        return ""
    name = relative.stem.removeprefix("test_")
    return ".".join(part for part in ("ocilayers", folder, name) if part != ".")
