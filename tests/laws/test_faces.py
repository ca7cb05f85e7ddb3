"""What holds for whatever shows itself."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import TypeAlias

import pytest
from drawn_layers import merged
from hypothesis import given
from typing_extensions import override

from ocilayers import strategies
from ocilayers.notebook.changes import differences
from ocilayers.notebook.html import amount
from ocilayers.notebook.treemap import treemap
from ocilayers.tar.entry import Entry
from ocilayers.tree.diff import Diff, diff
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.tree.node import Node

Stack: TypeAlias = tuple[tuple[Entry, ...], ...]

TAGS = {"details", "div", "em", "li", "strong", "summary", "table", "td", "tr", "ul"}

hostile_stacks = strategies.layer_stacks(hostile=True)


class _Page(HTMLParser):
    """Refuses whatever is not closed, and every tag that is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= {"open", "style"}
        self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()


@pytest.mark.hostile("names that are markup or move a cursor")
@given(hostile_stacks)
def test_no_name_becomes_a_tag(stack: Stack) -> None:
    """Nor anything that an encoder or a terminal would stumble over."""
    fs = merged([*map(list, stack)])
    values: list[Filesystem | Diff | Node] = [fs, diff(merge([]), fs), *fs.values()]

    for value in values:
        page = _Page()
        page.feed(value._repr_html_())
        page.close()
        assert [] == page.open
        value._repr_html_().encode()


@given(hostile_stacks)
def test_every_picture_is_xml(stack: Stack) -> None:
    """Whatever the names are."""
    fs = merged([*map(list, stack)])

    for drawn in (treemap(fs), differences(diff(merge([]), fs))):
        ET.fromstring(drawn.svg.encode())  # noqa: S314 - we made it


@given(strategies.layer_stacks())
def test_a_treemap_weighs_what_the_tree_does(stack: Stack) -> None:
    """Each inode once."""
    fs = merged([*map(list, stack)])

    assert f": {amount(fs.du())} in {len(fs)} paths" in treemap(fs).title
