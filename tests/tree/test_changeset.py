"""One layer, read."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator

import pytest

from ocilayers._source import read_up_to
from ocilayers.errors import ContentNotKeptError, DuplicatePathError, MergeError
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.changeset import Changeset


class Fetched:
    """A layer whose content is fetched when it is asked for."""

    def __init__(self, *entries: Entry) -> None:
        self.entries = entries
        self.asked: list[str] = []

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def open_content(self, entry: Entry) -> io.BytesIO:
        self.asked.append(entry.path)
        return io.BytesIO(b"x" * entry.size)


def test_two_layers_that_say_the_same_are_equal() -> None:
    """Order and spelling do not count."""
    one = Changeset([Entry("d", "directory"), Entry("d/a", "file", content=b"1")])
    other = Changeset([Entry("./d/a", "file", content=b"1"), Entry("/d/", "directory")])

    assert one == other
    assert hash(one) == hash(other)
    assert one != Changeset([Entry("d/a", "file", content=b"2")])
    assert one != "a layer"


def test_hard_links_are_compared_by_what_they_share() -> None:
    """Which of the names holds the inode makes no difference."""
    one = Changeset(
        [Entry("a", "file", content=b"1"), Entry("b", "hardlink", target="a")]
    )
    other = Changeset(
        [Entry("b", "file", content=b"1"), Entry("a", "hardlink", target="b")]
    )
    apart = Changeset(
        [Entry("a", "file", content=b"1"), Entry("b", "file", content=b"1")]
    )
    lower = Changeset([Entry("b", "hardlink", target="elsewhere")])

    assert one == other
    assert one != apart
    assert lower == Changeset([Entry("b", "hardlink", target="/elsewhere")])


def test_content_comes_with_the_entry_or_from_the_layer() -> None:
    """What an entry carries wins; what is empty needs no source."""
    layer = Fetched(
        Entry("carried", "file", content=b"here"),
        Entry("fetched", "file", size=3),
        Entry("empty", "file"),
    )
    changeset = Changeset(layer)

    found = {entry.path: changeset.open_content(entry) for entry in changeset}

    assert b"here" == read_up_to(found["carried"], 9)
    assert b"xxx" == read_up_to(found["fetched"], 9)
    assert b"" == read_up_to(found["empty"], 9)
    assert ["fetched"] == layer.asked


def test_content_that_nobody_kept_is_refused() -> None:
    """And the error names the path."""
    changeset = Changeset([Entry("a", "file", size=3)])
    with pytest.raises(ContentNotKeptError, match="/a"):
        changeset.open_path("a")


def test_content_of_a_composition_comes_from_where_it_was() -> None:
    """Composing reads nothing."""
    lower, upper = (
        Fetched(Entry("a", "file", size=2)),
        Fetched(Entry("b", "file", size=1)),
    )
    both = Changeset(lower).then(Changeset(upper))

    assert b"xx" == read_up_to(both.open_path("a"), 9)
    assert b"x" == read_up_to(both.open_path("b"), 9)
    assert both.source is both


def test_what_opens_content_is_the_source_of_what_was_read() -> None:
    """A layer that was read keeps its source, and none where there is none."""
    layer = Fetched(Entry("a", "file", size=2))

    assert layer is Changeset(layer).source
    assert Changeset([Entry("a", "file")]).source is None


@pytest.mark.hostile("a path twice in one layer")
def test_findings_are_of_the_layer_by_itself() -> None:
    """A lenient reader keeps them, a strict one raises."""
    twice = [Entry("a", "file"), Entry("a", "file")]

    assert ["duplicate-path"] == [finding.code for finding in Changeset(twice).findings]
    with pytest.raises(DuplicatePathError):
        Changeset(twice, strict=True)


def test_what_every_path_is_can_be_asked() -> None:
    """Hard links to lower layers and implied directories have no entry here."""
    changeset = Changeset(
        [
            Entry("d/a", "file"),
            Entry("b", "hardlink", target="d/a"),
            Entry("c", "hardlink", target="below"),
        ]
    )

    assert changeset.inode("d") is None
    assert changeset.inode("c") is None
    assert Kind.FILE is getattr(changeset.inode("b"), "kind", None)
    assert {"b", "c", "d/a"} == {*changeset.shared}
    assert () == Changeset([Entry("a", "file")]).shared


def test_a_changeset_says_how_much_it_is() -> None:
    """Its repr counts, and shows no name of a stranger."""
    changeset = Changeset(
        [Entry("a", "file"), Entry("b", "whiteout"), Entry("c", "opaque")]
    )

    assert "<Changeset: 1 entries, 1 whiteouts, 1 opaque directories>" == repr(
        changeset
    )


def test_a_changeset_pickles() -> None:
    """With its findings and its entries."""
    changeset = Changeset([Entry("a", "file", content=b"1"), Entry("b", "whiteout")])

    again = pickle.loads(pickle.dumps(changeset))  # noqa: S301  # our own bytes

    assert changeset == again
    assert changeset.raw == again.raw


def test_a_link_to_what_the_layer_below_hides_has_no_composition() -> None:
    """Nothing is left that it could share."""
    with pytest.raises(MergeError):
        Changeset([Entry("a", "whiteout")]).then([Entry("b", "hardlink", target="a")])


def test_links_of_two_inodes_are_not_mixed_up() -> None:
    """Though both have the same attributes and the same content."""

    def pairs(*links: tuple[str, str]) -> Changeset:
        return Changeset(
            [
                Entry("a", "file", content=b"1"),
                Entry("b", "file", content=b"1"),
                *(Entry(path, "hardlink", target=target) for path, target in links),
            ]
        )

    assert pairs(("x", "a"), ("y", "b")) != pairs(("x", "b"), ("y", "a"))
    assert pairs(("x", "a")) != pairs(("x", "b"))


def test_a_changeset_says_where_its_content_comes_from() -> None:
    """From itself, or from what it was made of."""
    layer = Changeset(Fetched(Entry("a", "file", size=3)))
    elsewhere = Changeset(Fetched(Entry("b", "file", size=2)))

    again = layer.with_origins({"x": (elsewhere, "b")})

    assert (elsewhere, "b") == again.origin("x")
    assert (again, "a") == again.origin("a")
    assert b"xxx" == read_up_to(again.open_path("a"), 9)
