"""Everything that the layers did to a path."""

from __future__ import annotations

import pytest

from ocilayers.tar.entry import Entry
from ocilayers.tree.diff import diff
from ocilayers.tree.merge import merge

LAYERS = [
    [Entry("d/a", "file", content=b"1", offset=512), Entry("l", "symlink", target="d")],
    [Entry("d/a", "file", content=b"1", mode=0o600, uid=1)],
    [Entry("d/a", "file", content=b"1", mode=0o600, uid=1)],
    [Entry("h", "hardlink", target="d/a")],
    [Entry("d", "whiteout")],
    [Entry("d/a", "directory")],
    [Entry("d", "opaque")],
    [Entry("d/b", "file")],
    [Entry("d", "file")],
]
TREE = merge(LAYERS, created_by=[f"RUN {n}" for n in range(8)])


def test_a_biography_tells_everything_in_order() -> None:
    """What came, what changed, what hid it, and what came back."""
    told = [
        (e.layer, e.kind, e.facets, e.cause, e.at, e.created_by)
        for e in TREE.history("/d/a")
    ]

    assert [
        (0, "added", (), "entry", "/d/a", "RUN 0"),
        (1, "changed", ("mode", "owner"), "entry", "/d/a", "RUN 1"),
        (2, "changed", (), "entry", "/d/a", "RUN 2"),
        (3, "changed", ("links",), "hardlink", "/h", "RUN 3"),
        (4, "hidden", (), "whiteout", "/d", "RUN 4"),
        (5, "back", (), "entry", "/d/a", "RUN 5"),
        (6, "hidden", (), "opaque", "/d", "RUN 6"),
    ] == told
    assert 512 == TREE.history("/d/a")[0].offset


@pytest.mark.parametrize(
    ("upper", "cause", "at"),
    [
        pytest.param([Entry("d/b", "whiteout")], "whiteout", "/d/b", id="a whiteout"),
        pytest.param([Entry("d", "opaque")], "opaque", "/d", id="an opaque mark"),
        pytest.param([Entry("d", "file")], "replaced", "/d", id="a file above"),
        pytest.param([Entry("d/b", "file")], "entry", "/d/b", id="another file"),
        pytest.param([Entry("d/b/x", "file")], "implied", "/d/b", id="a directory"),
    ],
)
def test_a_name_that_an_inode_loses_is_a_change_of_the_others(
    upper: list[Entry], cause: str, at: str
) -> None:
    """As `stat` sees it, and as a difference says."""
    lower = [Entry("a", "file"), Entry("d/b", "hardlink", target="a")]
    fs = merge([lower, upper])
    last = fs.history("/a")[-1]

    assert (1, "changed", ("links",), cause, at) == (
        *(last.layer, last.kind, last.facets, last.cause, last.at),
    )
    assert [("links",)] == [c.facets for c in diff(fs.at(1), fs) if c.path == "/a"]


def test_a_file_stored_again_may_have_other_names_then() -> None:
    """That counts among what changed."""
    lower = [Entry("a", "file"), Entry("b", "hardlink", target="a")]
    upper = [Entry("a", "file", mode=0o600)]

    assert ("mode", "links") == merge([lower, upper]).history("/a")[-1].facets
    assert () == merge([lower, lower]).history("/a")[-1].facets


def test_implied_directories_have_a_history_too() -> None:
    """A layer that only implies what is there does nothing to it."""
    told = [(e.layer, e.kind, e.cause) for e in TREE.history("/d")]

    assert [
        (0, "added", "implied"),
        (4, "hidden", "whiteout"),
        (5, "back", "implied"),
        (8, "changed", "entry"),
    ] == told


def test_a_file_in_the_way_hides_what_was_below() -> None:
    """Without any mark."""
    hidden = TREE.history("/d/b")[-1]

    assert (8, "hidden", "replaced", "/d") == (
        hidden.layer,
        hidden.kind,
        hidden.cause,
        hidden.at,
    )


def test_a_path_that_never_was_has_no_history() -> None:
    """The root has always been there."""
    assert () == TREE.history("/never")
    assert [(0, "implied")] == [(e.layer, e.cause) for e in TREE.history("/")]


def test_content_that_nobody_kept_cannot_be_compared() -> None:
    """That it was stored again is all that can be told."""
    tree = merge([[Entry("a", "file", size=3)], [Entry("a", "file", 0o600, size=3)]])

    assert [(), ("stored", "mode")] == [event.facets for event in tree.history("/a")]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        pytest.param(
            "/d",
            "/d is a file of 0 bytes: implied in layer 0 (RUN 0), hidden in layer 4 "
            "(RUN 4), implied again in layer 5 (RUN 5), changed (type) in layer 8",
            id="what is there",
        ),
        pytest.param(
            "/d/b",
            "/d/b is not there: hidden in layer 8 by something else at /d; "
            "added in layer 7 (RUN 7)",
            id="what a file is in the way of",
        ),
        pytest.param("/never/x", "/never/x was never there", id="what never was"),
        pytest.param(
            "/l/a",
            "/l/a was never there; /l is a symlink to d",
            id="what is below a symlink",
        ),
        pytest.param("/\x1b[1m", "/\\x1b[1m was never there", id="a hostile name"),
    ],
)
def test_a_path_is_explained_in_one_sentence(path: str, sentence: str) -> None:
    """Also when it is not there."""
    assert sentence == TREE.explain(path)


@pytest.mark.parametrize(
    ("upper", "said"),
    [
        (Entry("a", "opaque"), "hidden in layer 1 by an opaque mark on /a"),
        (Entry("a", "whiteout"), "hidden in layer 1 by a whiteout of /a"),
    ],
    ids=["opaque", "whiteout"],
)
def test_an_explanation_names_the_mark(upper: Entry, said: str) -> None:
    """And where it stands."""
    assert said in merge([[Entry("a/b", "file")], [upper]]).explain("/a/b")


def test_the_root_needs_no_layer() -> None:
    """It is there before the first one."""
    assert "/ is a directory: always there" == merge([]).explain("/")


def test_a_file_that_is_stored_again_is_said_to_be() -> None:
    """Nothing changed, but the bytes are there twice."""
    tree = merge([[Entry("a", "file", content=b"1")]] * 2)

    assert "stored again unchanged in layer 1" in tree.explain("/a")


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (Entry("x", "directory"), "a directory"),
        (Entry("x", "char", device=(1, 3)), "a character device"),
        (Entry("x", "block", device=(8, 0)), "a block device"),
        (Entry("x", "fifo"), "a fifo"),
    ],
    ids=["directory", "char", "block", "fifo"],
)
def test_an_explanation_says_what_it_is(entry: Entry, what: str) -> None:
    """In words, not in file types."""
    assert f"/x is {what}: added in layer 0" == merge([[entry]]).explain("/x")


def test_an_event_names_the_path_that_it_is_about() -> None:
    """And the one of the entry or the mark that did it, which may be another."""
    assert [("/d/a", "/d/a")] * 3 + [
        ("/d/a", "/h"),
        ("/d/a", "/d"),
        ("/d/a", "/d/a"),
        ("/d/a", "/d"),
    ] == [(event.path, event.at) for event in TREE.history("/d/a")]
    [added] = TREE.history("/h")[:1]
    assert ("hardlink", "/h") == (added.cause, added.path)


def test_an_event_knows_where_its_mark_stands() -> None:
    """In the plain tar of its layer."""
    hidden = merge([[Entry("a", "file")], [Entry("a", "whiteout", offset=1536)]])

    assert [None, 1536] == [event.offset for event in hidden.history("/a")]


def test_a_directory_that_is_implied_again_is_the_same() -> None:
    """But one that was something else before is not."""
    tree = merge([[Entry("a/b", "file")], [Entry("a/c", "file")], [Entry("a", "file")]])
    file = merge([[Entry("a", "file")], [Entry("a/c", "file")]])

    assert ["added", "changed"] == [event.kind for event in tree.history("/a")]
    assert [("added", "entry"), ("changed", "implied")] == [
        (event.kind, event.cause) for event in file.history("/a")
    ]


def test_what_came_back_is_said_to_be_back() -> None:
    """With every facet that changed before."""
    assert (
        "/d/a is not there: hidden in layer 6 (RUN 6) by an opaque mark on /d; "
        "added in layer 0 (RUN 0), changed (mode and owner) in layer 1 (RUN 1), "
        "stored again unchanged in layer 2 (RUN 2), "
        "changed (links) in layer 3 (RUN 3), hidden in layer 4 (RUN 4), "
        "back in layer 5 (RUN 5)"
    ) == TREE.explain("/d/a")
