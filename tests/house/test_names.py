"""The public names: sorted, importable, documented, each with one home."""

from __future__ import annotations

import ast
import inspect
import sys
from importlib import import_module
from pathlib import Path
from subprocess import run
from types import ModuleType

import pytest
from package import SOURCE, import_all, public_modules, public_names

import ocilayers
import ocilayers.spec

LAZY = [ocilayers, ocilayers.spec]
MODULES = {module.__name__: module for module in import_all()}


@pytest.mark.parametrize("package", LAZY, ids=lambda package: package.__name__)
def test_names_fetched_on_first_use_are_sorted_and_have_a_home(
    package: ModuleType,
) -> None:
    """`__all__`, the table of homes and the imports for type checkers agree."""
    homes = {
        name: f"{package.__name__}.{home}" for name, home in package._HOMES.items()
    }
    assert package.__file__ is not None
    tree = ast.parse(Path(package.__file__).read_text("utf-8"))
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
    at_once = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        if node.module not in {"__future__", "ocilayers._lazy"}
        for alias in node.names
    }

    assert set(package.__all__) == {*homes, *at_once}
    assert typed == homes
    assert sorted(homes) == list(homes)
    assert {name for name in homes if (SOURCE / f"{name}.py").exists()} == set()


@pytest.mark.parametrize("package", LAZY, ids=lambda package: package.__name__)
def test_a_name_fetched_on_first_use_stays(package: ModuleType) -> None:
    """It is the thing of its home, fetched once, and `dir()` has shown it before."""
    for name, home in package._HOMES.items():
        thing = package.__getattr__(name)

        assert thing is getattr(import_module(f"{package.__name__}.{home}"), name)
        assert vars(package)[name] is thing
    assert set(package.__all__) <= set(dir(package))
    assert {"TYPE_CHECKING", "on_first_use"}.isdisjoint(dir(package))


@pytest.mark.parametrize("name", ocilayers.__all__)
def test_an_everyday_name_is_the_thing_of_its_home(name: str) -> None:
    """The root gives the very object, and the object says what it is."""
    thing = getattr(ocilayers, name)

    assert getattr(import_module(public_names()[name]), name) is thing
    assert inspect.getdoc(thing)


@pytest.mark.parametrize("package", LAZY, ids=lambda package: package.__name__)
def test_a_name_that_is_not_there_is_an_attribute_error(package: ModuleType) -> None:
    """As in any module; it says where it was looked for."""
    with pytest.raises(AttributeError, match=f"'{package.__name__}' has no attribute"):
        package.__getattr__("Nothing")


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


def _imported(code: str) -> set[str]:
    done = run(  # noqa: S603 - code of ours
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=SOURCE.parent,
    )
    return set(done.stdout.split())


def test_importing_the_root_imports_no_dependency() -> None:
    """Names are fetched on first use: an import costs next to nothing."""
    imported = _imported("import ocilayers")
    roots = {name.partition(".")[0] for name in imported}

    assert "ocilayers" in imported
    assert roots & {"attr", "attrs", "cattrs", "zstandard", "hypothesis"} == set()


def test_importing_a_model_imports_what_it_is_made_of() -> None:
    """Nothing that reads or writes it, and no other model."""
    imported = _imported("from ocilayers import ImageManifest")

    assert {name for name in imported if name.startswith("ocilayers.spec.")} == {
        f"ocilayers.spec.{name}"
        for name in (
            "_architecture",
            "_freeze",
            "_repr",
            "_windows",
            "chain_id",
            "descriptor",
            "digest",
            "manifest",
            "media_types",
            "platform",
        )
    }
    assert imported & {"cattrs", "typing_extensions", "json", "datetime"} == set()


def test_models_import_neither_openssl_nor_a_calendar() -> None:
    """Who only reads what an image says does not wait for them."""
    imported = _imported("from ocilayers import ImageConfig, ImageIndex, ImageManifest")

    assert "ocilayers.spec.config" in imported
    assert imported & {"cattrs", "json", "datetime", "hashlib", "_hashlib"} == set()
