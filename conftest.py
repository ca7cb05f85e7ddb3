"""Every example is a test: fenced `python` blocks of the docs, and docstrings."""

from __future__ import annotations

from doctest import ELLIPSIS, NORMALIZE_WHITESPACE

import pytest
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.integration.pytest import SybilItem
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

FLAGS = ELLIPSIS | NORMALIZE_WHITESPACE

pages = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=FLAGS), SkipParser()],
    patterns=["README.md", "docs/**/*.md"],
)
docstrings = Sybil(
    parsers=[DocTestParser(optionflags=FLAGS)],
    patterns=["ocilayers/**/*.py"],
    document_types={".py": PythonDocStringDocument},
)

pytest_collect_file = (pages + docstrings).pytest()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the examples of one page together, in the order of the page.

    Later ones use the names of earlier ones: they may neither be shuffled nor be
    spread over processes.
    """
    examples = [item for item in items if isinstance(item, SybilItem)]
    for item in examples:
        item.add_marker(pytest.mark.xdist_group(str(item.path)))
    examples.sort(key=lambda item: (str(item.path), item.example.start))
    others = [item for item in items if not isinstance(item, SybilItem)]
    items[:] = [*others, *examples]
