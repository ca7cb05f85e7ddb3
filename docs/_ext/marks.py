"""What tests are marked with, so that pages can be made of it.

`@pytest.mark.spec(source, sentence)` holds the package to a sentence of a standard;
`@pytest.mark.hostile(name)` shows what becomes of one class of hostile input. The
marks are read from the text of the tests, so that no test is imported or run for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import attrs

__all__ = ["Shown", "Tried", "conformance", "hostile"]


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


@attrs.frozen
class Tried:
    """One class of hostile input, and one test that shows what becomes of it.

    Attributes:
        name: Of the class.
        outcome: What the test says: its name, and how its docstring begins.
        test: File and name, as pytest takes them.
    """

    name: str
    outcome: str
    test: str


def conformance(tests: Path) -> dict[str, dict[str, list[Shown]]]:
    """Each sentence with the tests that show it, by the source of the sentence."""
    table: dict[str, dict[str, list[Shown]]] = {}
    for path, _node, test, words in _marked(tests, "spec"):
        source, sentence = words
        shown = Shown(source, sentence, test, _module(path.relative_to(tests)))
        table.setdefault(source, {}).setdefault(sentence, []).append(shown)
    return dict(sorted(table.items()))


def hostile(tests: Path) -> dict[str, list[Tried]]:
    """Each class of hostile input with the tests that try it."""
    table: dict[str, list[Tried]] = {}
    for _path, node, test, words in _marked(tests, "hostile"):
        (name,) = words
        table.setdefault(name, []).append(Tried(name, _outcome(node), test))
    return table


def _marked(
    tests: Path, mark: str
) -> Iterator[tuple[Path, ast.FunctionDef | ast.ClassDef, str, list[str]]]:
    """Each test with this mark: its file, its text, its name, what the mark says."""
    for path in sorted(tests.rglob("test_*.py")):
        file = f"tests/{path.relative_to(tests).as_posix()}"
        for node, test in _tests(ast.parse(path.read_text("utf-8")), file):
            for decorator in node.decorator_list:
                match decorator:
                    case ast.Call(func=ast.Attribute(attr=name)) if name == mark:
                        words = [ast.literal_eval(word) for word in decorator.args]
                        yield path, node, test, words
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


def _outcome(node: ast.FunctionDef | ast.ClassDef) -> str:
    rule = node.name.removeprefix("test_").replace("_", " ")
    more = (ast.get_docstring(node) or "").partition("\n")[0]
    return f"{rule[:1].upper()}{rule[1:]}. {more}"


def _module(relative: Path) -> str:
    """The module that a test file is about: the same name without `test_`."""
    folder = relative.parent.as_posix().replace("/", ".")
    if folder in {"laws", "conformance", "differential", "house"}:
        return ""
    name = relative.stem.removeprefix("test_")
    return ".".join(part for part in ("ocilayers", folder, name) if part != ".")
