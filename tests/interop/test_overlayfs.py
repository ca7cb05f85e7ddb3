"""The kernel's overlayfs: its marks, and Docker's folders."""

from __future__ import annotations

import pytest

from ocilayers.errors import InvalidFieldError, MergeError
from ocilayers.interop.overlayfs import (
    GraphDriver,
    Namespace,
    from_overlayfs,
    to_overlayfs,
)
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.changeset import Changeset

LAYER = [
    Entry("a", "whiteout"),
    Entry("d", "directory", 0o700, xattrs={"user.x": b"1"}),
    Entry("d", "opaque"),
    Entry("e", "opaque"),
    Entry("f/g", "file", content=b"1"),
    Entry("f", "whiteout"),
    Entry(".", "directory", 0o711),
    Entry("p", "directory"),
]


@pytest.mark.parametrize("namespace", ["trusted", "user"])
def test_marks_become_what_the_kernel_obeys(namespace: Namespace) -> None:
    """A device 0:0, and an attribute on the directory itself."""
    opaque = {f"{namespace}.overlay.opaque": b"y"}

    entries = list(to_overlayfs(LAYER, namespace=namespace))
    said = {entry.path: entry for entry in entries}

    assert len(said) == len(entries)
    assert (Kind.CHAR, (0, 0)) == (said["a"].kind, said["a"].device)
    assert {"user.x": b"1", **opaque} == said["d"].xattrs
    assert (Kind.DIRECTORY, opaque) == (said["e"].kind, dict(said["e"].xattrs))
    assert (Kind.DIRECTORY, opaque) == (said["f"].kind, dict(said["f"].xattrs))
    assert {} == said["p"].xattrs


@pytest.mark.parametrize("namespace", ["trusted", "user"])
def test_there_and_back_says_the_same(namespace: Namespace) -> None:
    """An implied directory that had to carry a mark is one with an entry then."""
    named = [*LAYER, Entry("f", "directory"), Entry("e", "directory")]
    changeset = Changeset(named)

    assert changeset == Changeset(
        from_overlayfs(to_overlayfs(changeset, namespace=namespace))
    )


def test_an_opaque_root_gets_its_mark() -> None:
    """Though the kernel ignores it."""
    [root] = to_overlayfs([Entry(".", "opaque"), Entry(".", "directory", 0o711)])

    assert (".", 0o711, {"trusted.overlay.opaque": b"y"}) == (
        root.path,
        root.mode,
        dict(root.xattrs),
    )


@pytest.mark.spec(
    "Linux overlayfs.rst, whiteouts and opaque directories",
    "A whiteout is created as a character device with 0/0 device number or as a "
    'zero-size regular file with the xattr "trusted.overlay.whiteout".',
)
@pytest.mark.spec(
    "Linux overlayfs.rst, whiteouts and opaque directories",
    'A directory is made opaque by setting the xattr "trusted.overlay.opaque" to "y".',
)
@pytest.mark.parametrize(
    ("entry", "said"),
    [
        pytest.param(
            Entry("a", "char", device=(0, 0)), [("whiteout", "a")], id="a device 0:0"
        ),
        pytest.param(
            Entry("a", "file", xattrs={"user.overlay.whiteout": b"y"}),
            [("whiteout", "a")],
            id="an empty file with the attribute",
        ),
        pytest.param(
            Entry("d", "directory", xattrs={"trusted.overlay.opaque": b"y"}),
            [("directory", "d"), ("opaque", "d")],
            id="an opaque directory",
        ),
        pytest.param(
            Entry("d", "directory", xattrs={"trusted.overlay.opaque": b"x"}),
            [("directory", "d")],
            id="one that only holds such whiteouts",
        ),
        pytest.param(Entry("n", "char", device=(1, 3)), [("char", "n")], id="a device"),
    ],
)
def test_what_the_kernel_marks_is_read(
    entry: Entry, said: list[tuple[str, str]]
) -> None:
    """In either namespace."""
    assert said == [(e.kind, e.path) for e in from_overlayfs([entry])]


def test_what_the_kernel_notes_for_itself_goes() -> None:
    """Other attributes stay."""
    xattrs = {"trusted.overlay.origin": b"x", "user.mine": b"1"}
    [entry] = from_overlayfs([Entry("a", "file", xattrs=xattrs)])

    assert {"user.mine": b"1"} == entry.xattrs


@pytest.mark.parametrize(
    "whiteout",
    [
        Entry("a", "char", device=(0, 0)),
        Entry("a", "file", xattrs={"user.overlay.whiteout": b"y"}),
    ],
    ids=["a device", "a file"],
)
@pytest.mark.parametrize("target", ["a", "./a", "/a"])
def test_a_second_name_of_a_whiteout_is_one_too(whiteout: Entry, target: str) -> None:
    """Overlayfs makes many names of one device, and tar keeps them as hard links."""
    upper = [
        whiteout,
        Entry("d/b", "hardlink", target=target),
        Entry("f", "file"),
        Entry("g", "hardlink", target="f"),
    ]

    said = [(entry.kind, entry.path) for entry in from_overlayfs(upper)]

    assert [
        (Kind.WHITEOUT, "a"),
        (Kind.WHITEOUT, "d/b"),
        (Kind.FILE, "f"),
        (Kind.HARDLINK, "g"),
    ] == said


@pytest.mark.parametrize("mark", ["opaque", "redirect", "whiteout"])
def test_a_mark_of_an_overlay_inside_hides_nothing(mark: str) -> None:
    """The kernel escapes it, so that only the inner overlay obeys it."""
    xattrs = {f"trusted.overlay.overlay.{mark}": b"y"}

    said = [*from_overlayfs([Entry("d", "directory", xattrs=xattrs)])]

    assert [(Kind.DIRECTORY, "d")] == [(entry.kind, entry.path) for entry in said]


@pytest.mark.parametrize("mark", ["redirect", "metacopy"])
def test_what_oci_has_no_words_for_is_refused(mark: str) -> None:
    """Content and name are in another layer."""
    entry = Entry("d", "directory", xattrs={f"trusted.overlay.{mark}": b"x"})
    with pytest.raises(MergeError, match="/d: a renamed directory"):
        list(from_overlayfs([entry]))


DATA = {
    "LowerDir": "/o/2-init/diff:/o/1/diff:/o/0/diff",
    "MergedDir": "/o/2/merged",
    "UpperDir": "/o/2/diff",
    "WorkDir": "/o/2/work",
}


@pytest.mark.parametrize(
    "data",
    [DATA, {"Data": DATA, "Name": "overlay2"}],
    ids=["the data", "the member"],
)
def test_dockers_folders_are_told_bottom_first(data: dict[str, object]) -> None:
    """The nearest comes first in what Docker writes."""
    driver = GraphDriver.parse(data)

    assert ("/o/0/diff", "/o/1/diff", "/o/2-init/diff", "/o/2/diff") == driver.layers
    assert "/o/2-init/diff" == driver.init
    assert ("/o/0/diff", "/o/1/diff") == driver.image_layers
    assert DATA == driver.to_data()


def test_an_image_of_one_layer_has_no_lower_folder() -> None:
    """And no folder of mount points."""
    driver = GraphDriver.parse({"UpperDir": "/o/0/diff"})

    assert ("/o/0/diff",) == driver.layers == driver.image_layers
    assert driver.init is None
    assert {"UpperDir": "/o/0/diff"} == driver.to_data()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"Name": "btrfs", "Data": {}}, "no overlay"),
        ({"LowerDir": "/a"}, "UpperDir"),
        ({"UpperDir": 3}, "found 3"),
        ({"Data": None}, "found None"),
        ({"Data": "/a"}, "found '/a'"),
        ({"Name": [], "Data": DATA}, r"found \[\]"),
    ],
    ids=["another driver", "no upper folder", "no text", "no data", "text", "no name"],
)
def test_what_is_no_overlay_is_refused(data: dict[str, object], said: str) -> None:
    """The error names the member."""
    with pytest.raises(InvalidFieldError, match=said):
        GraphDriver.parse(data)


def test_mount_options_escape_what_mount_reads() -> None:
    """To write, or only to look."""
    driver = GraphDriver(lower=("/a", "/b:c"), upper="/d,e", work="/w\\x")

    assert (
        "lowerdir=/b\\:c:/a,upperdir=/d\\,e,workdir=/w\\\\x" == driver.mount_options()
    )
    assert "lowerdir=/d\\,e:/b\\:c:/a" == driver.mount_options(read_only=True)
