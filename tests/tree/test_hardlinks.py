"""Hard links of a layer, bound to what they share."""

from __future__ import annotations

import pytest

from ocilayers.errors import HardlinkTargetError
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merge import merge

FILE = Entry("d/a", "file", content=b"1")


@pytest.mark.hostile("links out of the root")
@pytest.mark.parametrize(
    "target", ["d/a", "/d/a", "./d//a", "../d/a", "l/a"], ids=lambda t: t
)
def test_targets_are_read_as_names_are(target: str) -> None:
    """Absolute, unclean, out of the root, through a symlink of the layer."""
    layer = [
        FILE,
        Entry("l", "symlink", target="d"),
        Entry("h", "hardlink", target=target),
    ]

    assert ("/d/a", "/h") == merge([layer])["/h"].links


@pytest.mark.hostile("links out of the root")
@pytest.mark.parametrize(
    ("layer", "codes"),
    [
        pytest.param(
            [FILE, Entry("h", "hardlink", target="../d/a")],
            ["hardlink-escapes"],
            id="out of the root",
        ),
        pytest.param(
            [Entry("h", "hardlink", target="d/a"), FILE],
            ["hardlink-forward"],
            id="before its target",
        ),
        pytest.param([FILE, Entry("h", "hardlink", target="d/a")], [], id="in order"),
    ],
)
def test_odd_links_are_noted(layer: list[Entry], codes: list[str]) -> None:
    """And bound all the same."""
    found = Changeset(layer)

    assert codes == [finding.code for finding in found.findings]
    assert {"h", "d/a"} == {*found.shared}


@pytest.mark.parametrize("target", ["", "/", ".", None], ids=str)
def test_a_link_to_the_root_is_refused(target: str | None) -> None:
    """It is a directory, always."""
    with pytest.raises(HardlinkTargetError, match="the root"):
        Changeset([Entry("h", "hardlink", target=target)])


@pytest.mark.spec(
    "image-spec layer.md, Hardlinks",
    "Hardlinks are possible with all file types except directories.",
)
@pytest.mark.parametrize(
    ("layer", "said"),
    [
        pytest.param([Entry("h", "hardlink", target="h")], "to itself", id="directly"),
        pytest.param(
            [Entry("g", "hardlink", target="h"), Entry("h", "hardlink", target="g")],
            "to itself",
            id="by way of another",
        ),
        pytest.param(
            [Entry("d", "directory"), Entry("h", "hardlink", target="d")],
            "to a directory",
            id="a directory",
        ),
    ],
)
def test_links_that_cannot_be_are_refused(layer: list[Entry], said: str) -> None:
    """In every mode: there is nothing they could mean."""
    with pytest.raises(HardlinkTargetError, match=said):
        Changeset(layer)


def test_a_way_that_ends_at_a_file_is_left_to_the_lower_layers() -> None:
    """The layer's own file is in the way, but a lower one may have the path."""
    lower = [Entry("f/x", "file", content=b"low")]
    upper = [Entry("f", "file"), Entry("h", "hardlink", target="f/x")]

    assert b"low" == merge([lower, upper])["/h"].read_bytes()
