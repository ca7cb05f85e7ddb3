"""Entries: values that are cheap to make, and never change."""

from __future__ import annotations

import copy
import pickle

import attrs
import pytest

from ocilayers._types import EMPTY_MAP, FrozenMap
from ocilayers.tar._member import freeze
from ocilayers.tar.entry import DEFAULT_MODES, Entry, EntryDraft, Kind


def test_a_kind_may_be_said_as_text() -> None:
    """Only those there are."""
    assert Entry("a", "file").kind is Kind.FILE
    with pytest.raises(ValueError, match="socket"):
        Entry("a", "socket")


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_a_usual_mode(kind: Kind) -> None:
    """Unless one is given."""
    assert Entry("a", kind).mode == DEFAULT_MODES[kind]
    assert Entry("a", kind, 0).mode == 0


def test_the_size_is_that_of_the_content() -> None:
    """Or what is said, when there is none."""
    assert Entry("a", "file", content=b"abc").size == 3
    assert Entry("a", "file", size=3, content=b"abc").size == 3
    assert Entry("a", "file", size=7).size == 7
    assert Entry("a", "file").size == 0
    with pytest.raises(ValueError, match="content has 3 bytes"):
        Entry("a", "file", size=2, content=b"abc")


def test_content_is_copied_from_whatever_holds_bytes() -> None:
    """Text has none, until somebody encodes it."""
    given = bytearray(b"abc")
    entry = Entry("a", "file", content=given)
    given += b"d"

    assert entry.content == b"abc"
    assert entry == Entry("a", "file", size=3, content=memoryview(b"abc"))
    with pytest.raises(TypeError, match="'str'"):
        Entry("a", "file", content="abc")  # type: ignore[arg-type]  # the mistake


def test_attributes_are_copied_and_frozen() -> None:
    """Nobody can edit them behind the entry's back."""
    given = {"user.k": b"v"}
    entry = Entry("a", "file", xattrs=given)
    given["user.k"] = b"w"

    assert entry.xattrs == {"user.k": b"v"}
    assert Entry("a", "file", xattrs=entry.xattrs).xattrs is entry.xattrs
    assert Entry("a", "file", xattrs={}).xattrs is EMPTY_MAP


def test_an_entry_is_a_value() -> None:
    """It compares, hashes, copies and pickles; where it stood makes no difference."""
    entry = Entry("a", "file", xattrs={"k": b"v"}, records={"MSWINDOWS.x": b"y"})

    assert entry == attrs.evolve(entry, offset=512)
    assert hash(entry) == hash(attrs.evolve(entry, offset=512))
    assert entry != attrs.evolve(entry, records={})
    assert entry == copy.deepcopy(entry)
    assert entry == pickle.loads(pickle.dumps(entry))  # noqa: S301 - our own bytes
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        entry.path = "b"  # type: ignore[misc]  # the point


def test_the_repr_shows_no_content() -> None:
    """It may be long."""
    assert "secret" not in repr(Entry("a", "file", content=b"secret"))


def test_a_draft_that_was_frozen_is_an_entry() -> None:
    """The same as the constructor makes, and as frozen."""
    wanted = Entry("a", "file", 0o600, 1, 2, "u", "g", 3, 4, offset=512)
    draft = EntryDraft()
    for field in attrs.fields(Entry):
        setattr(draft, field.name, getattr(wanted, field.name))
    entry = freeze(draft)

    assert entry == wanted
    assert hash(entry) == hash(wanted)
    assert repr(entry) == repr(wanted)
    assert pickle.loads(pickle.dumps(entry)) == wanted  # noqa: S301 - our own bytes
    assert isinstance(entry.xattrs, FrozenMap)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        entry.size = 5  # type: ignore[misc]  # the point


def test_a_draft_has_a_slot_for_each_field() -> None:
    """And an entry none of its own, or no draft could become one."""
    assert {field.name for field in attrs.fields(Entry)} == set(EntryDraft.__slots__)
    assert not Entry.__slots__
