"""The real images of the corpus: each the file system that engines made of it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from corpus_images import BROKEN, UNVERIFIED, archive, choice, choices, folders, name_of
from trees import Difference, Tree, differences, tree_in, tree_of

from conftest import shared_root
from ocilayers.archive.archive import open_archive
from ocilayers.archive.members import read_member
from ocilayers.archive.tar_members import TarMembers
from ocilayers.errors import (
    OCILayersError,
)
from ocilayers.layer.index import read_layer
from ocilayers.limits import MIB, Limits
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.wire.parse import parse

#: Where a tree is known to be another one, and why.
EXCEPTIONS: Final[dict[str, dict[Difference, str]]] = {
    "tree.docker": {
        (".", "mtime"): "of the folder in which Docker unpacked the top layer",
    },
    "nasty/tree.docker": {
        ("time/before", "mtime"): "Docker clamps what is before 1970 to 1970",
    },
    "nasty/tree.umoci.prefix": {
        ("xattr/user", "xattrs"): "umoci drops user.empty, whose value is empty",
    },
}


def _trees(pattern: str) -> list[Any]:
    return [
        pytest.param(path, id=name_of(path))
        for folder in folders()
        for path in sorted(folder.glob(pattern))
    ]


def _filesystem(path: Path) -> Filesystem:
    """What the image of a tree makes; of Schema 1 its layers are all there is."""
    members = TarMembers(archive(path.parent), limits=Limits())
    if path.parent.name != "nasty-v2s1":
        return open_archive(archive(path.parent), **choice(path)).filesystem()
    raw = read_member(members, "manifest.json", limits=Limits())
    manifest = parse(raw).model
    assert isinstance(manifest, Schema1Manifest)
    steps = zip(reversed(manifest.fs_layers), reversed(manifest.history), strict=True)
    return merge(
        read_layer(members.open(layer.blob_sum.encoded))
        for layer, step in steps
        if not json.loads(step.v1_compatibility).get("throwaway")
    )


def _explained(path: Path) -> set[Difference]:
    name = f"{path.parent.name.split('-')[0]}/{path.name}"
    return {
        difference
        for where, explained in EXCEPTIONS.items()
        if path.name.startswith(where) or name.startswith(where)
        for difference in explained
    }


@pytest.mark.parametrize("path", _trees("tree.umoci*.jsonl"))
def test_an_image_is_the_tree_that_umoci_unpacks(path: Path) -> None:
    """In every key of every path, but for what is named and explained."""
    wanted, found = tree_in(path), _found(path)

    assert differences(wanted, found) <= _explained(path)


@pytest.mark.parametrize("path", _trees("tree.docker.jsonl"))
def test_an_image_is_the_tree_that_docker_mounts(path: Path) -> None:
    """Folders mounted by the kernel; the root's time alone is of another kind."""
    wanted, found = tree_in(path), _found(path)

    assert differences(wanted, found) <= _explained(path)


def _found(path: Path) -> Tree:
    fs = _filesystem(path)
    _, _, *which = path.name.removesuffix(".jsonl").split(".")
    if which and which[0].startswith("prefix"):
        fs = fs.at(int(which[0].removeprefix("prefix")) + 1)
    return tree_of(fs)


def test_every_exception_is_one(shared: Path) -> None:
    """What is explained does happen: no list outlives its reasons."""
    images = shared / "corpus/images"
    for name, where in (
        ("nasty-oci-gzip/tree.docker.jsonl", "nasty/tree.docker"),
        ("nasty-oci-gzip/tree.umoci.prefix1.jsonl", "nasty/tree.umoci.prefix"),
        ("trivy-test/tree.docker.jsonl", "tree.docker"),
    ):
        found = differences(tree_in(images / name), _found(images / name))

        assert EXCEPTIONS[where].keys() <= found


@pytest.mark.parametrize("folder", folders(), ids=lambda path: path.name)
def test_every_image_opens_or_says_why_not(folder: Path) -> None:
    """An image with trees verifies; a broken archive gives one of our errors."""
    expected = BROKEN.get(folder.name)
    if expected is not None:
        with pytest.raises(expected) as raised:
            open_archive(archive(folder))

        assert expected is type(raised.value)
        return
    for chosen in choices(folder):
        image = open_archive(archive(folder), **chosen)

        assert image.verify().verified == (folder.name not in UNVERIFIED)


def _files() -> list[Any]:
    root = shared_root()
    found = [] if root is None else sorted((root / "corpus").rglob("*"))
    return [
        pytest.param(path, id=path.relative_to(root or path).as_posix())
        for path in found
        if path.is_file() and ".jsonl" not in path.name
    ]


@pytest.mark.parametrize("path", _files())
def test_no_foreign_exception_escapes(path: Path) -> None:
    """Whatever a file is, and whatever it is taken for."""
    raw = path.read_bytes()
    # Some small files stand for gigabytes of zeros.
    limits = attrs.evolve(Limits(), uncompressed_bytes=32 * MIB, sparse_bytes=MIB)
    for read in (
        lambda: parse(raw, limits=limits),
        lambda: read_layer(io.BytesIO(raw), limits=limits),
        lambda: list(open_archive(io.BytesIO(raw), limits=limits).filesystem().walk()),
        lambda: open_archive(io.BytesIO(raw), limits=limits).verify(),
    ):
        try:
            read()
        except OCILayersError as error:
            assert str(error)  # noqa: PT017  # every error says something
