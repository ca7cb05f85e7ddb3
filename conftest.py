"""Every example is a test: fenced `python` blocks of the docs, and docstrings."""

from __future__ import annotations

from doctest import ELLIPSIS, NORMALIZE_WHITESPACE

import pytest
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.integration.pytest import SybilItem
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

FLAGS = ELLIPSIS | NORMALIZE_WHITESPACE

pages = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=FLAGS), SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/*/*.md", "docs/*/*/*.md"],
)
docstrings = Sybil(
    parsers=[DocTestParser(optionflags=FLAGS)],
    patterns=["ocilayers/*.py", "ocilayers/**/*.py"],
    document_types={".py": PythonDocStringDocument},
)

pytest_collect_file = (pages + docstrings).pytest()


# The examples of one page use the names of earlier ones: they may neither be shuffled
# nor be spread over processes.


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run them in the order of the page, after everything else."""
    examples = [item for item in items if isinstance(item, SybilItem)]
    examples.sort(key=lambda item: (str(item.path), item.example.start))
    others = [item for item in items if not isinstance(item, SybilItem)]
    items[:] = [*others, *examples]


class PageByPage(LoadScopeScheduling):
    """One test after the other to whoever is free, but the examples of a page at once.

    The marks of xdist for this have no effect with pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        page, _, test = nodeid.partition("::")
        return page if test.startswith("line:") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> PageByPage:
    """Tell pytest-xdist."""
    return PageByPage(config, log)
