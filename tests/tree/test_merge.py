"""The front door of the tree: layers in, a file system out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocilayers.errors import DuplicatePathError, LimitExceededError, MergeError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merge import merge


def test_nothing_makes_a_root() -> None:
    """A container without layers has one, too."""
    tree = merge([])

    assert ["/"] == [*tree]
    assert tree["/"].implied


def test_entries_and_changesets_are_layers_alike() -> None:
    """A changeset keeps what was noticed when it was read."""
    twice = [Entry("a", "file"), Entry("a", "file", content=b"2")]

    read, raw = merge([Changeset(twice)]), merge([iter(twice)])

    assert dict(read) == dict(raw)
    assert [("duplicate-path", "layers[0]/a")] == [
        (f.code, f.where) for f in read.findings
    ]
    assert read.findings == raw.findings


def test_a_strict_reader_refuses_what_was_noticed_before() -> None:
    """Also of a layer that a lenient one has read."""
    with pytest.raises(DuplicatePathError, match=r"layers\[0\]/a"):
        merge([Changeset([Entry("a", "file"), Entry("a", "file")])], strict=True)


def test_errors_name_the_layer() -> None:
    """And the path in it."""
    with pytest.raises(MergeError, match=r"layers\[1\]/\.wh\."):
        merge([[], [Entry(".wh.", "file")]])


def test_what_the_callers_iterable_raises_passes_through() -> None:
    """It names its own places."""

    def broken() -> Iterator[Entry]:
        yield Entry("a", "file")
        raise MergeError("of the caller", where="elsewhere")

    with pytest.raises(MergeError, match=r"^elsewhere: of the caller$"):
        merge([broken()])


def test_there_are_no_more_layers_than_there_may_be() -> None:
    """The one too many is not read."""
    with pytest.raises(LimitExceededError, match="layers"):
        merge([[], []], limits=Limits(layers=1))


def test_commands_are_told_in_biographies() -> None:
    """Where there are fewer commands than layers, the rest has none."""
    tree = merge(
        [[Entry("a", "file")], [Entry("a", "file", content=b"2")]], created_by=["ADD a"]
    )

    assert ["ADD a", ""] == [event.created_by for event in tree.history("/a")]
