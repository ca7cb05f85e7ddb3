"""Changes of a live file system, packed by others: the same after every layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from trees import Difference, Tree, differences, tree_in, tree_of

from conftest import shared_root
from ocilayers.archive.archive import open_archive
from ocilayers.tree.filesystem import Filesystem

_SECOND: Final = 10**9

_CLAMPED: Final[dict[Difference, str]] = {
    ("time/before", "mtime"): "containers/storage clamps what is before 1970 to 1970",
}
_EMPTY_DROPPED: Final[dict[Difference, str]] = {
    ("xattr/user", "xattrs"): "containers/storage drops user.empty, which is empty",
}

#: Where the live file system was another one than the layers say, and why.
PACKED_OTHERWISE: Final[dict[str, dict[Difference, str]]] = {
    "nasty-oci-gzip/truth.0": {
        ("xattr/trusted", "xattrs"): "buildah packs no trusted attributes",
    },
    "nasty-oci-gzip/truth.1": _CLAMPED | _EMPTY_DROPPED,
    "nasty-oci-gzip/truth.2": _CLAMPED | _EMPTY_DROPPED,
    "nasty-oci-gzip/truth.3": _CLAMPED | _EMPTY_DROPPED,
    "nasty-oci-gzip/truth.4": _CLAMPED,
    "nasty-oci-gzip/truth.5": _CLAMPED,
    "nasty-oci-gzip/truth.6": _CLAMPED,
    "nasty-oci-gzip/truth.7": _CLAMPED,
    "walk-umoci-22/truth.2": {
        ("a/lib/é/x.wh.y", "xattrs"): "umoci packs no attribute with an empty value",
    },
    "walk-umoci-23/truth.5": {
        ("lib/本/é", "hl"): "umoci packs a new name of an old file as another file",
        ("lib/本/b/a/lib/a/é", "hl"): "and so the old name is alone",
    },
    "walk-umoci-24/truth.6": {
        ("d/lib", "hl"): "umoci packs a new name of an old file as another file",
        ("sp ace/sp ace/lib/u497427", "hl"): "and so the old name is alone",
    },
}

#: Docker makes directories that a layer does not name anew, as root's, with mode 0755
#: and the present time; umoci keeps those of the lower layer, and so do we.
IMPLIED_PARENTS: Final = frozenset({"walk-umoci-22", "walk-umoci-24"})


def _walks() -> list[Any]:
    root = shared_root()
    found = [] if root is None else sorted(root.glob("corpus/walks/*"))
    return [pytest.param(path, id=path.name) for path in found]


def _live() -> list[Any]:
    root = shared_root()
    nasty = [] if root is None else [root / "corpus/images/nasty-oci-gzip"]
    return [*_walks(), *(pytest.param(path, id=path.name) for path in nasty)]


def _filesystem(folder: Path) -> Filesystem:
    with (folder / "image.oci.tar").open("rb") as file:
        return open_archive(file).filesystem(content="memory")


def _comparable(tree: Tree, half: int) -> Tree:
    """Without what most layers have no place for."""
    for path, row in tree.items():
        row["mtime"] = (row["mtime"] + half) // _SECOND
        if row["type"] == "dir":
            del row["mtime"]
        if path == ".":
            del row["mode"]
    return tree


@pytest.mark.parametrize("folder", _live())
def test_after_every_layer_it_is_what_was_there(folder: Path) -> None:
    """The kernel's overlay, or umoci's root, just before the layer was packed."""
    fs = _filesystem(folder)
    layers = sorted(folder.glob("truth.*.jsonl"))
    for n, path in enumerate(layers):
        name = f"{folder.name}/{path.name.removesuffix('.jsonl')}"
        # Where buildah cuts a time to whole seconds, umoci rounds it.
        half = _SECOND // 2 if "umoci" in folder.name else 0
        wanted = _comparable(tree_in(path), half)
        found = _comparable(tree_of(fs.at(n + 1)), 0)

        assert differences(wanted, found) == PACKED_OTHERWISE.get(name, {}).keys()


@pytest.mark.parametrize("folder", _walks())
def test_a_walk_ends_as_umoci_unpacks_it(folder: Path) -> None:
    """In every key of every path, without an exception."""
    assert tree_in(folder / "tree.umoci.jsonl") == tree_of(_filesystem(folder))


@pytest.mark.parametrize("folder", _walks())
def test_a_walk_ends_as_docker_mounts_it(folder: Path) -> None:
    """But for the root's own time, and for parents that layers leave out."""
    path = folder / "tree.docker.jsonl"
    if not path.exists():
        # Docker 20.10 refuses whiteouts below a directory that is gone.
        assert folder.name in {"walk-umoci-21", "walk-umoci-23"}
        return
    wanted, found = tree_in(path), tree_of(_filesystem(folder))
    differing = differences(wanted, found) - {(".", "mtime")}
    if folder.name in IMPLIED_PARENTS:
        assert {key for _, key in differing} <= {"mode", "uid", "gid", "mtime"}
        assert {wanted[where]["type"] for where, _ in differing} == {"dir"}
        differing = set()

    assert set() == differing
