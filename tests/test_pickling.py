"""Every public value goes to another process and comes back equal."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

import attrs
import pytest
from package import public_modules

from ocilayers.archive.choice import Candidate
from ocilayers.archive.members import FolderMembers
from ocilayers.archive.oci_layout import LayoutBlobs
from ocilayers.codec.recipe import how_compressed
from ocilayers.findings import Finding
from ocilayers.image.blobs import BlobsAtHome
from ocilayers.image.rebase_report import RebaseConflict, RebaseReport
from ocilayers.image.sample import sample_image
from ocilayers.image.sharing import shared_layers
from ocilayers.interop.overlayfs import GraphDriver
from ocilayers.layer.builder import LayerBuilder
from ocilayers.layer.toc import Chunk, TableOfContents
from ocilayers.notebook.figure import Figure
from ocilayers.notebook.figures import Figures
from ocilayers.notebook.html import Markup, Size
from ocilayers.spec.config import Healthcheck
from ocilayers.spec.created_by import read_created_by
from ocilayers.spec.digest import Algorithm, Digest
from ocilayers.spec.history import align
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.platform import Platform
from ocilayers.spec.reference import Reference
from ocilayers.spec.runtime import runtime_of
from ocilayers.spec.saved import SavedImage
from ocilayers.spec.schema1 import FSLayer, Schema1History, Schema1Manifest
from ocilayers.strategies.blobs import Corrupted
from ocilayers.tar.framing import Framing
from ocilayers.tree.diff import Rename, diff
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.xattrs import ACLEntry, FileCapabilities
from ocilayers.wire.convert import convert

#: They hold what is open or is being written; a process has its own.
NO_VALUES = {
    "Checkpoint": "of a running decoder; an index takes along those that can travel",
    "Contents": "the working state of a merge",
    "DeflateLibrary": "a module of this process",
    "DirectoryBlobs": "files that a caller holds",
    "FindingLog": "a list in the making",
    "Inode": "the working state of a merge",
    "Merged": "the working state of a merge",
    "Rule": "a constant, found by its finding's code",
    "Hiding": "the working state of a merge",
    "SavedBlobs": "a file that a caller opened",
    "StoredNode": "what `HiddenNode` is made of, which is shown",
    "TarMembers": "a file that a caller opened",
}


def public_names() -> dict[str, object]:
    """All of them, of every module."""
    return {
        name: getattr(import_module(module), name)
        for module in public_modules()
        for name in getattr(import_module(module), "__all__", ())
    }


def public_values() -> list[str]:
    """The names of all public classes that attrs made."""
    return sorted(
        name
        for name, thing in public_names().items()
        if isinstance(thing, type) and attrs.has(thing) and name not in NO_VALUES
    )


@cache
def values() -> Mapping[str, object]:
    """One of each, by the name of its class."""
    image = sample_image()
    fs = image.filesystem()
    built = LayerBuilder().file("/app", b"app").build()
    changed = image.append(built)
    digest = Digest.of(b"")
    hidden = next(fs.hidden())
    roots = [
        changed,
        fs,
        *fs.values(),
        *fs.layers,
        *fs.history("/usr/share/doc"),
        hidden,
        hidden.hidden_by,
        diff(fs.at(1), fs),
        image.verify(),
        image.waste(),
        image.layers[0].read(content="memory"),
        *image.layers,
        *image.history,
        *shared_layers([image, image]),
        built,
        convert(image.manifest, to="oci"),
        how_compressed(built.blob),
        runtime_of(image.config.model),
        read_created_by("/bin/sh -c #(nop) USER a"),
        align([], 0),
        fs.stat("/"),
        Finding("odd", "note", "here", "odd"),
        BlobsAtHome({}, {}),
        FolderMembers(Path("root")),
        LayoutBlobs(FolderMembers(Path("root"))),
        Candidate(image.manifest.descriptor(), (), 0),
        RebaseReport(1, (RebaseConflict("/a", "links", "changed"),), ()),
        GraphDriver(lower=("/l",), upper="/u"),
        TableOfContents("estargz", digest, (), (Chunk("/a", 0, 0, digest),)),
        Healthcheck(test=("CMD", "true")),
        Algorithm("sha999", 3),
        ImageIndex(manifests=()),
        LayoutHeader(),
        Platform.parse("linux/amd64"),
        Reference.parse("registry.example/a/b:c"),
        SavedImage(config="a", layers=()),
        Schema1Manifest(
            fs_layers=(FSLayer(blob_sum=digest),),
            history=(Schema1History(v1_compatibility="{}"),),
        ),
        Rename("/a", "/b", digest),
        Framing((b"header",)),
        ACLEntry("user", 1, 7),
        FileCapabilities(frozenset({"cap_chown"})),
        Figures(image),
        Figure("title", "<svg/>"),
        Markup("<b>bold</b>"),
        Size(1536),
        Corrupted(b"a", b"ab", "cut off"),
    ]
    found: dict[str, object] = {}
    for root in roots:
        for value in parts(root):
            found.setdefault(type(value).__name__, value)
    return found


def parts(value: object) -> Iterator[object]:
    """A value, and the values that it is made of."""
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    elif fields := getattr(type(value), "__attrs_attrs__", None):
        yield value
        for field in fields:
            yield from parts(getattr(value, field.name, None))


def pickled(value: object) -> object:
    """Through bytes and back."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes


@pytest.mark.parametrize("move", [copy.copy, copy.deepcopy, pickled])
@pytest.mark.parametrize("name", public_values())
def test_a_public_value_travels(name: str, move: Callable[[object], object]) -> None:
    """A new one has to be shown here, or to say why it is none."""
    assert name in values(), f"add a {name} to values()"
    value = values()[name]

    assert value == move(value)


def test_what_is_no_value_is_public_still() -> None:
    """No name is left over."""
    assert NO_VALUES.keys() <= public_names().keys()


def test_content_travels_with_a_file_system() -> None:
    """Where the blobs do."""
    moved = pickled(sample_image().filesystem())

    assert isinstance(moved, Filesystem)
    assert "apple\n" == moved["/apple.txt"].read_text()


@pytest.mark.parametrize("move", [copy.deepcopy, pickled])
def test_a_file_system_that_was_looked_at_keeps_its_hard_links(
    move: Callable[[object], object],
) -> None:
    """What it remembers of them is of one process."""
    fs = sample_image().filesystem()
    assert ("/bin/busybox", "/bin/sh") == fs["/bin/sh"].links

    moved = move(fs)

    assert isinstance(moved, Filesystem)
    assert ("/bin/busybox", "/bin/sh") == moved["/bin/sh"].links
