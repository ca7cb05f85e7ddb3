"""What is noticed is noticed where it is: the layer, and the path in it."""

from __future__ import annotations

import pytest

from ocilayers.errors import LimitExceededError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merge import merge


def file(path: str, content: bytes = b"") -> Entry:
    """A file."""
    return Entry(path, "file", content=content)


def link(path: str, target: str) -> Entry:
    """A hard link."""
    return Entry(path, "hardlink", target=target)


LINK = Entry("l", "symlink", target="d")
#: Lower layer, upper layer, and what is noticed of the upper one.
NOTICED = {
    "through a symlink out of the root": (
        [],
        [Entry("l", "symlink", target="../d"), file("l/x")],
        {("symlinked-parent-escapes", "l/x"), ("implied-parent", "d")},
    ),
    "through a symlink to nothing": (
        [],
        [LINK, file("l/x")],
        {("symlinked-parent-dangles", "l/x"), ("implied-parent", "d")},
    ),
    "through a lower symlink": ([LINK], [file("l/x")], {("symlinked-parent", "l")}),
    "below a file": (
        [],
        [file("a"), file("a/b")],
        {("parent-is-file", "a"), ("implied-parent", "a")},
    ),
    "below a lower file": ([file("f")], [file("f/x")], {("parent-is-file", "f")}),
    "below nothing": ([], [file("d/x")], {("implied-parent", "d")}),
    "below what somebody owns": (
        [Entry("d", "directory", uid=1)],
        [file("d/x")],
        {("implied-over-lower", "d")},
    ),
    "below what some group owns": (
        [Entry("d", "directory", gid=1)],
        [file("d/x")],
        {("implied-over-lower", "d")},
    ),
    "below what not everybody may read": (
        [Entry("d", "directory", 0o700)],
        [file("d/x")],
        {("implied-over-lower", "d")},
    ),
    "below a usual directory": ([Entry("d", "directory")], [file("d/x")], set()),
    "a link before its target": (
        [],
        [link("h", "t"), file("t")],
        {("hardlink-forward", "h")},
    ),
    "a link before its target, and a path twice": (
        [],
        [file("a"), file("a"), link("h", "t"), file("t")],
        {("duplicate-path", "a"), ("hardlink-forward", "h")},
    ),
    "a link out of the root": (
        [],
        [file("a"), link("h", "../a")],
        {("hardlink-escapes", "h")},
    ),
    "a link to a lower layer": (
        [file("a")],
        [link("h", "a")],
        {("hardlink-to-lower", "h")},
    ),
    "a name with dots": ([], [file("x/../y")], {("dotted-name", "y")}),
    "a whiteout with content": (
        [file("d/x")],
        [Entry("d", "directory"), file("d/.wh.x", b"1")],
        {("odd-marker", "d/x")},
    ),
    "what AUFS left": ([], [file(".wh..wh.plnk")], {("aufs-leftover", ".wh..wh.plnk")}),
    "below a marker": (
        [],
        [file(".wh.x/y")],
        {("reserved-name", ".wh.x/y"), ("implied-parent", ".wh.x")},
    ),
    "a mark of overlayfs": (
        [],
        [Entry("c", "char", device=(0, 0))],
        {("overlay-mark", "c")},
    ),
    "an opaque symlink": (
        [LINK],
        [Entry("l", "opaque")],
        {("opaque-over-symlink", "l")},
    ),
    "an opaque file": (
        [file("f")],
        [Entry("f", "opaque")],
        {("opaque-over-file", "f")},
    ),
    "an opaque root": ([], [Entry(".", "opaque")], {("opaque-root", "")}),
    "a whiteout through a symlink": (
        [LINK],
        [Entry("l/x", "whiteout")],
        {("whiteout-below-symlink", "l/x")},
    ),
    "a whiteout below a file": (
        [file("f")],
        [Entry("f/x", "whiteout")],
        {("whiteout-without-parent", "f/x")},
    ),
    "a whiteout below its own file": (
        [],
        [file("f"), Entry("f/x", "whiteout")],
        {("whiteout-without-parent", "f/x")},
    ),
    "a whiteout below nothing": (
        [],
        [Entry("d/x", "whiteout")],
        {("whiteout-without-parent", "d/x")},
    ),
    "a whiteout below another": (
        [],
        [Entry("d", "whiteout"), Entry("d/x", "whiteout")],
        {("whiteout-below-whiteout", "d/x")},
    ),
    "a whiteout beside a directory": (
        [Entry("d", "directory")],
        [Entry("d", "whiteout"), Entry("d", "directory")],
        {("whiteout-beside-entry", "d")},
    ),
    "a whiteout beside a file": (
        [file("d")],
        [Entry("d", "whiteout"), file("d")],
        {("whiteout-beside-entry", "d")},
    ),
}


@pytest.mark.parametrize(("lower", "upper", "noticed"), NOTICED.values(), ids=NOTICED)
def test_a_finding_names_the_layer_and_the_path(
    lower: list[Entry], upper: list[Entry], noticed: set[tuple[str, str]]
) -> None:
    """That, and nothing else."""
    found = merge([lower, upper]).findings

    assert {(code, f"layers[1]/{path}") for code, path in noticed} == {
        (finding.code, finding.where)
        for finding in found
        if finding.where.startswith("layers[1]")
    }


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (
            Limits(implied_bytes=5),
            (
                "/d/ef: more than 5 implied bytes, expected at most 5, found 7"
                " (limit implied_bytes)"
            ),
        ),
        (
            Limits(entries=4),
            "/d/ef: more than 4 entries, expected at most 4, found 5 (limit entries)",
        ),
    ],
    ids=["how long", "how many"],
)
def test_implied_directories_are_counted_together(limits: Limits, said: str) -> None:
    """Those of all entries; the error names the deepest of the last ones."""
    with pytest.raises(LimitExceededError) as raised:
        Changeset([file("ab/x"), file("d/ef/x")], limits=limits)

    assert said == str(raised.value)
