"""The documentation: nothing public without a page, no example unseen."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import attrs
import pytest
from hostile import CLASSES
from marks import conformance, hostile
from package import SOURCE, import_all, page_of, public_modules

import ocilayers.errors
from ocilayers.errors import OCILayersError
from ocilayers.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "tests").rglob("*.md")),
]
FENCES = {"console", "json", "python", "text", "toml"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("module", public_modules())
def test_every_public_module_has_a_page(module: str) -> None:
    """Same path, same name, so that who knows the one finds the other."""
    page = ROOT / "docs" / page_of(module)

    assert page.is_file(), f"write {page.relative_to(ROOT)}"
    assert f".. automodule:: {module}\n" in page.read_text("utf-8")


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_fenced_block_is_of_a_kind_that_is_run_or_is_no_code(path: Path) -> None:
    """A `pycon` or `py` block looks like an example and is silently never run."""
    opened = re.findall(
        r"^ *(?:```|:::)([\w+-]+)\s*$", path.read_text("utf-8"), re.MULTILINE
    )

    assert set(opened) <= FENCES


def test_a_fenced_block_in_a_docstring_is_of_such_a_kind_too() -> None:
    """Docstrings are pages."""
    opened = {
        kind
        for path in sorted(SOURCE.rglob("*.py"))
        for kind in re.findall(
            r"^ *```([\w+-]+)$", path.read_text("utf-8"), re.MULTILINE
        )
    }

    assert opened <= FENCES


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    """Every class stands in the docstring, one step to the right of its base."""
    text = ocilayers.errors.__doc__ or ""
    drawn = text.partition("```text\n")[2].partition("```")[0]
    depth = {
        match[2]: len(match[1]) // 4
        for match in re.finditer(r"^([│├└─ ]*)(\w+Error)\b", drawn, re.MULTILINE)
    }

    assert set(depth) == set(ocilayers.errors.__all__)
    for name, steps in depth.items():
        bases = getattr(ocilayers.errors, name).__mro__[1:]
        ours = [base for base in bases if issubclass(base, OCILayersError)]
        assert (steps > 0) == bool(ours), name
        assert steps == 0 or depth[ours[0].__name__] == steps - 1, name


def test_every_error_is_public() -> None:
    """None is raised that a caller can't name."""
    raised = {
        thing
        for module in import_all()
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, OCILayersError)
    }

    assert {error.__name__ for error in raised} == set(ocilayers.errors.__all__)


def test_every_limit_says_what_it_limits() -> None:
    """Each attribute has its own docstring."""
    tree = ast.parse((SOURCE / "limits.py").read_text("utf-8"))
    body = next(n for n in tree.body if isinstance(n, ast.ClassDef)).body
    documented = {
        node.target.id
        for node, after in itertools.pairwise(body)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(after, ast.Expr)
        and isinstance(after.value, ast.Constant)
    }

    assert documented == set(attrs.fields_dict(Limits))


def test_a_mark_of_a_sentence_quotes_it() -> None:
    """The table of conformance is made of these marks."""
    empty = [
        shown.test
        for sentences in conformance(ROOT / "tests").values()
        for sentence, tests in sentences.items()
        for shown in tests
        if not sentence.strip() or not shown.source.strip()
    ]

    assert empty == []


def test_every_class_of_hostile_input_has_a_test_that_shows_what_becomes_of_it() -> (
    None
):
    """And no test shows one that is not in the list."""
    names = [name for names in CLASSES.values() for name in names]

    assert sorted(names) == sorted(hostile(ROOT / "tests"))


def test_the_changelog_speaks_of_this_version() -> None:
    """Whoever changes the version says what changed."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[?([\w.]+)\]?", text, re.MULTILINE)

    assert set(versions) & {"Unreleased", ocilayers.__version__}
