"""What some layer stores and nobody sees."""

from __future__ import annotations

import io
from collections.abc import Iterator

from ocilayers.tar.entry import Entry
from ocilayers.tree.history import PathEvent
from ocilayers.tree.merge import merge


def found(*layers: list[Entry]) -> list[tuple[str, int, str, int]]:
    """Path, its layer, what hid it, and the layer of that."""
    return [
        (node.path, node.layer, node.hidden_by.cause, node.hidden_by.layer)
        for node in merge(layers).hidden()
    ]


def test_a_file_is_hidden_once_for_every_layer_that_stores_it() -> None:
    """By what came over it, in the order of the layers."""
    assert [("/a", 0, "replaced", 1), ("/a", 1, "whiteout", 2)] == found(
        [Entry("a", "file", content=b"1")],
        [Entry("a", "file", content=b"2")],
        [Entry("a", "whiteout")],
    )


def test_an_inode_that_still_has_a_name_is_not_hidden() -> None:
    """Its content is there, under that name."""
    layer = [Entry("a", "file", content=b"1"), Entry("b", "hardlink", target="a")]

    assert [] == found(layer, [Entry("a", "whiteout")])
    assert [("/a", 0, "whiteout", 1), ("/b", 0, "whiteout", 1)] == found(
        layer, [Entry("a", "whiteout"), Entry("b", "whiteout")]
    )


def test_a_directory_that_got_new_attributes_is_still_there() -> None:
    """Nothing is stored of the old ones."""
    assert [] == found([Entry("d", "directory")], [Entry("d", "directory", 0o700)])


def test_what_a_layer_names_twice_is_hidden_by_itself() -> None:
    """And so is what AUFS left behind."""
    assert [("/a", 0, "replaced", 0)] == found(
        [Entry("a", "file", content=b"old"), Entry("a", "file", content=b"new")]
    )
    assert [("/.wh..wh.plnk/1", 0, "replaced", 0)] == found(
        [Entry(".wh..wh.plnk/1", "file", content=b"x")]
    )


def test_a_command_that_nobody_told_is_empty() -> None:
    """Also of what a layer hides of itself."""
    twice = [Entry("a", "file", content=b"old"), Entry("a", "file", content=b"new")]
    tree = merge([twice, [Entry("a", "whiteout")]])

    assert ["", ""] == [node.hidden_by.created_by for node in tree.hidden()]


def test_content_of_what_is_hidden_can_be_read() -> None:
    """Somebody may have left a secret in it."""
    tree = merge(
        [[Entry("k", "file", content=b"secret")], [Entry("k", "whiteout")]],
        created_by=["COPY k /", "RUN rm k"],
    )

    [node] = tree.hidden()

    assert "secret" == node.read_text()
    assert "RUN rm k" == node.hidden_by.created_by
    assert ("/k",) == node.links
    assert 1 == node.nlink
    assert "Node('/k', 'file', layer=0, hidden by layer 1)" == repr(node).replace(
        "HiddenNode", "Node"
    )
    assert [] == [*node.iterdir()]
    assert not node.is_dir()


def test_a_marker_that_was_read_as_a_file_is_no_hidden_file() -> None:
    """It is there to hide, and stores nothing."""
    assert [] == found([Entry("d/.wh.x", "file")], [Entry("d/y", "file")])


def test_what_hid_it_is_told_in_full() -> None:
    """By an event like those of a biography, with a command where it is known."""
    twice = [Entry("b", "file", content=b"1"), Entry("b", "file", content=b"2")]
    lower = [Entry("d/a", "file", content=b"1"), *twice]
    tree = merge([lower, [Entry("d", "whiteout")]], created_by=["COPY"])

    assert [
        PathEvent(0, "hidden", "/b", (), "replaced", "COPY", "/b"),
        PathEvent(1, "hidden", "/d/a", (), "whiteout", "", "/d"),
    ] == [node.hidden_by for node in tree.hidden()]


def test_content_that_its_own_layer_replaced_is_fetched_from_it() -> None:
    """Each of the entries has its own."""
    [node] = merge([Fetched()]).hidden()

    assert b"first" == node.read_bytes()


class Fetched:
    """A layer that names one file twice, whose content is fetched."""

    def __iter__(self) -> Iterator[Entry]:
        yield Entry("a", "file", size=5, offset=512)
        yield Entry("a", "file", size=6, offset=1536)

    def open_content(self, entry: Entry) -> io.BytesIO:
        return io.BytesIO({512: b"first", 1536: b"second"}[entry.offset or 0])


def test_what_a_layer_hides_comes_in_tree_order() -> None:
    """However texts are hashed, and whatever hid it."""
    names = ["d", "d/a", "d/a/x", "d/b", "d-e", "f", "g", "h", "i"]
    stored = [Entry(name, "file") for name in names if name not in {"d", "d/a"}]
    marks = [Entry(name, "whiteout") for name in ("i", "g", "d", "h", "f")]
    layers = [stored[::-1], [*marks, Entry("d-e", "file")]]

    assert ["/d/a/x", "/d/b", "/d-e", "/f", "/g", "/h", "/i"] == [
        node.path for node in merge(layers).hidden()
    ]
