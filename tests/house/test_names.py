"""The public names: sorted, importable, documented, each with one home."""

from __future__ import annotations

import ast
import inspect
import sys
from importlib import import_module
from pathlib import Path
from subprocess import run

import pytest
from package import SOURCE, import_all, public_modules, public_names

import ocilayers

MODULES = {module.__name__: module for module in import_all()}


def test_the_everyday_names_are_sorted_and_each_has_a_home() -> None:
    """`__all__`, the table of homes and the imports for type checkers agree."""
    tree = ast.parse((SOURCE / "__init__.py").read_text("utf-8"))
    typed = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        # "as" tells type checkers that the name is meant to be seen.
        if alias.asname == alias.name
    }

    assert sorted(ocilayers.__all__) == ocilayers.__all__
    assert set(public_names()) == set(ocilayers.__all__)
    assert public_names() == typed


@pytest.mark.parametrize("name", ocilayers.__all__)
def test_an_everyday_name_is_the_thing_of_its_home(name: str) -> None:
    """The root gives the very object, and the object says what it is."""
    thing = getattr(ocilayers, name)

    assert getattr(import_module(public_names()[name]), name) is thing
    assert inspect.getdoc(thing)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """And `dir()` shows those that are."""
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        ocilayers.__getattr__("Nothing")

    assert set(ocilayers.__all__) <= set(dir(ocilayers))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_what_it_is_and_what_it_offers(module: str) -> None:
    """It has a docstring, and a sorted `__all__` of names that are there."""
    names = getattr(MODULES[module], "__all__", None)

    assert MODULES[module].__doc__
    if module in public_modules():
        assert names is not None
    if names is not None:
        assert sorted(names) == sorted(set(names))
        assert [name for name in names if not hasattr(MODULES[module], name)] == []


@pytest.mark.parametrize("module", public_modules())
def test_whatever_is_public_has_a_docstring(module: str) -> None:
    """Classes and functions; constants are documented beside them."""
    bare = [
        name
        for name in MODULES[module].__all__
        if inspect.isclass(thing := getattr(MODULES[module], name))
        or inspect.isroutine(thing)
        if not inspect.getdoc(thing)
    ]

    assert bare == []


@pytest.mark.parametrize("module", public_modules())
def test_no_public_signature_says_any(module: str) -> None:
    """A type that is unknown to the reader is no promise."""
    file = MODULES[module].__file__
    assert file is not None

    assert list(_says_any(ast.parse(Path(file).read_text("utf-8")))) == []


def _says_any(tree: ast.Module | ast.ClassDef) -> list[str]:
    found: list[str] = []
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) if not name.startswith("_"):
                arguments = node.args
                spoken = [
                    argument.annotation
                    for argument in (
                        *arguments.posonlyargs,
                        *arguments.args,
                        *arguments.kwonlyargs,
                    )
                ]
                found += [name] * _any_in([*spoken, node.returns])
            case ast.AnnAssign(target=ast.Name(name), annotation=annotation):
                found += [name] * (_any_in([annotation]) and not name.startswith("_"))
            case ast.ClassDef(name=name) if not name.startswith("_"):
                found += _says_any(node)
            case _:
                pass
    return found


def _any_in(annotations: list[ast.expr | None]) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == "Any"
        for annotation in annotations
        if annotation is not None
        for part in ast.walk(annotation)
    )


def test_importing_the_root_imports_no_dependency() -> None:
    """Names are fetched on first use: an import costs next to nothing."""
    done = run(
        [sys.executable, "-X", "importtime", "-c", "import ocilayers"],
        capture_output=True,
        text=True,
        check=True,
        cwd=SOURCE.parent,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    roots = {name.partition(".")[0] for name in imported}

    assert "ocilayers" in imported
    assert roots & {"attr", "attrs", "cattrs", "zstandard", "hypothesis"} == set()
