"""The front door of the tree: layers in, a file system out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import get_args

import pytest
from tar_blocks import END, entries, member

from ocilayers.errors import (
    DuplicatePathError,
    InvalidFieldError,
    InvalidWhiteoutError,
    LimitExceededError,
    MergeError,
    OCILayersError,
)
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merge import merge
from ocilayers.tree.stack import Profile

FILE = Entry("a", "file", content=b"1")
FOLDER = Entry("d", "directory")


def link(path: str, target: str) -> Entry:
    """A hard link."""
    return Entry(path, "hardlink", target=target)


#: Lower layer, upper layer, and what is said when the one is put on the other.
REFUSED = {
    "hard link to itself": ([], [link("h", "h")], "h: a hard link to itself, found h"),
    "hard link to itself in a layer that names a path twice": (
        [],
        [FILE, FILE, link("h", "h")],
        "h: a hard link to itself, found h",
    ),
    "hard link to a directory": (
        [],
        [FOLDER, link("h", "d")],
        "h: a hard link to a directory, found d",
    ),
    "hard link to a directory in a layer that names a path twice": (
        [],
        [FILE, FILE, FOLDER, link("h", "d")],
        "h: a hard link to a directory, found d",
    ),
    "hard link to a directory below": (
        [FOLDER],
        [link("h", "d")],
        "h: a hard link to a directory, found d",
    ),
    "hard link to the root": (
        [],
        [link("h", "/")],
        "h: a hard link to the root, found /",
    ),
    "hard link to nothing": (
        [],
        [link("h", "x")],
        "h: a hard link to nothing, found x",
    ),
    "whiteout of nothing": (
        [],
        [Entry("d/.wh.", "file")],
        "d/.wh.: a whiteout that names nothing",
    ),
    "whiteout of the root": (
        [],
        [Entry(".", "whiteout")],
        ": a whiteout of the root",
    ),
    "file instead of the root": (
        [],
        [Entry("/", "file")],
        ": the root would become something else, found file",
    ),
    "name out of the root": (
        [],
        [Entry("../x", "file")],
        "../x: the name climbs out of the root",
    ),
}
REFUSED_IN_SEQUENCE = {
    "below a file of a lower layer": (
        [FILE],
        [Entry("a/b", "file")],
        "a: something is below a path that is no directory",
    ),
    "below a file of its own layer": (
        [],
        [FILE, Entry("a/b", "file")],
        "a: something is below a path that is no directory",
    ),
    "hard link before its target": (
        [],
        [link("h", "a"), FILE],
        "h: a hard link to nothing that is there already, found a",
    ),
}


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


@pytest.mark.hostile("a root that becomes a link or a file")
@pytest.mark.hostile("a whiteout that names nothing")
@pytest.mark.hostile("names with .. and absolute names")
@pytest.mark.parametrize(
    ("profile", "lower", "upper", "said"),
    [
        *(
            pytest.param(profile, *row, id=f"{profile}, {name}")
            for name, row in REFUSED.items()
            for profile in ("overlay", "sequential")
            # Unpacked in sequence, it is no hard link to nothing, but one too early.
            if (profile, name) != ("sequential", "hard link to nothing")
        ),
        *(
            pytest.param("sequential", *row, id=name)
            for name, row in REFUSED_IN_SEQUENCE.items()
        ),
    ],
)
def test_a_refusal_says_where_and_what(
    profile: Profile, lower: list[Entry], upper: list[Entry], said: str
) -> None:
    """The layer, the path in it, the rule it breaks, and what was found."""
    with pytest.raises(OCILayersError) as raised:
        merge([lower, upper], profile=profile)

    assert f"layers[1]/{said}" == str(raised.value)


@pytest.mark.hostile("a whiteout that names nothing")
@pytest.mark.parametrize("name", [b".wh.", b".wh..", b".wh...", b"d/.wh.", b"d/.wh..."])
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("profile", get_args(Profile))
def test_a_whiteout_that_names_nothing_deletes_nothing(
    name: bytes, profile: Profile, *, strict: bool
) -> None:
    """Out of a tar too, whoever merges it: no layer of it is taken."""
    layer = entries(member(b"d/", flag=b"5") + member(name) + END)
    with pytest.raises(InvalidWhiteoutError):
        merge([[FILE], layer], profile=profile, strict=strict)


@pytest.mark.hostile("a path twice in one layer")
@pytest.mark.parametrize("profile", get_args(Profile))
@pytest.mark.parametrize(
    "first",
    [
        Entry("a", "file", content=b"first"),
        Entry("a", "symlink", target="/etc"),
        Entry("a", "directory"),
        Entry("./a", "file", content=b"first"),
        Entry("/a", "file", content=b"first"),
        Entry("b/../a", "file", content=b"first"),
    ],
    ids=lambda entry: f"{entry.kind} {entry.path}",
)
def test_the_last_of_one_path_counts(first: Entry, profile: Profile) -> None:
    """However the path is spelled; a finding says so, and strict refuses."""
    layer = [first, FILE]
    tree = merge([layer], profile=profile)

    assert b"1" == tree["/a"].read_bytes()
    assert "duplicate-path" in {finding.code for finding in tree.findings}
    with pytest.raises(MergeError):
        merge([layer], profile=profile, strict=True)


@pytest.mark.hostile("what AUFS left behind")
@pytest.mark.parametrize("profile", get_args(Profile))
def test_what_aufs_left_behind_is_seen_by_nobody(profile: Profile) -> None:
    """It is no file, and hides none; a finding tells of it."""
    lower = [FILE, Entry("aufs", "file"), Entry("wh.orph", "file")]
    left = [
        member(b".wh..wh.aufs"),
        member(b".wh..wh.orph/", flag=b"5"),
        member(b".wh..wh.plnk/", flag=b"5"),
        member(b".wh..wh.plnk/7.9", b"x"),
        member(b".wh..wh.plnk/.wh..wh..opq"),
    ]
    tree = merge([lower, entries(b"".join(left) + END)], profile=profile)

    assert ["/", "/a", "/aufs", "/wh.orph"] == [*tree]
    assert ["aufs-leftover"] * 5 == [finding.code for finding in tree.findings]


@pytest.mark.hostile("links out of the root")
@pytest.mark.parametrize("profile", get_args(Profile))
def test_a_layer_writes_to_nothing_outside(profile: Profile) -> None:
    """Not through a link of a lower layer, or of its own; a finding tells of both."""
    out = [
        Entry("out", "symlink", target="../../../etc"),
        Entry("abs", "symlink", target="/etc"),
    ]
    way_in = [Entry("out/passwd", "file"), Entry("abs/shadow", "file")]

    for layers in ([out, way_in], [[*out, *way_in]]):
        tree = merge(layers, profile=profile)
        inside = {path for path in tree if path.endswith(("passwd", "shadow"))}
        assert inside <= {"/etc/passwd", "/etc/shadow", "/out/passwd", "/abs/shadow"}
        assert 2 == len(inside)
        assert "symlinked-parent" in {found.code[:16] for found in tree.findings}


@pytest.mark.hostile("links out of the root")
@pytest.mark.parametrize("profile", get_args(Profile))
def test_an_absolute_hard_link_is_one_inside_of_the_image(profile: Profile) -> None:
    """Real layers hold such links, so a strict reader takes them, too."""
    tree = merge([[FILE, link("h", "/a")]], profile=profile, strict=True)

    assert ("/a", "/h") == tree["/h"].links
    assert () == tree.findings


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


def test_one_command_is_no_list_of_commands() -> None:
    """Its letters would be the commands."""
    with pytest.raises(InvalidFieldError, match="one text for a list"):
        merge([[FILE]], created_by="ADD a")


def test_there_are_two_profiles() -> None:
    """A third one is a mistake of the caller, and not the default."""
    with pytest.raises(MergeError, match=r"overlay \| sequential, found 'Overlay'"):
        merge([], profile="Overlay")  # type: ignore[arg-type]  # the mistake


def test_a_layer_without_an_end_is_read_to_its_limit() -> None:
    """And no further."""
    number = count()
    layer = (Entry(f"f{n}", "file") for n in number)
    with pytest.raises(LimitExceededError, match="limit entries"):
        merge([layer], limits=Limits(entries=10))

    assert 11 == next(number)


def test_findings_are_kept_up_to_their_limit() -> None:
    """Those of all layers together."""
    odd = [[FILE, FILE], [Entry("b", "file"), Entry("b", "file")]]

    assert 2 == len(merge(odd).findings)
    assert 1 == len(merge(odd, limits=Limits(findings=1)).findings)
