"""Layers put together or made again: the same files, and each layer decoded once."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import pytest
from built_images import BASE, TOP, blobs_of, flipped, image_of, stored
from layer_blobs import sparse_tar

from ocilayers._types import SupportsRead
from ocilayers.archive.archive import open_archive
from ocilayers.errors import ImageError, OCILayersError
from ocilayers.image.image import Image
from ocilayers.layer.builder import LayerBuilder
from ocilayers.spec.config import History
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import (
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
    Compression,
)
from ocilayers.tar.entry import Entry, Kind

#: Noise, so that the stored bytes are as many as the plain ones.
NOISE = b"".join(bytes.fromhex(Digest.of(b"%d" % n).hex) for n in range(10_000))
MIDDLE = LayerBuilder().file("/etc/motd", b"changed").file("/mid", b"m").build()
IMAGE = image_of(
    BASE,
    MIDDLE,
    TOP,
    history=[
        History(created_by="base"),
        History(created_by="ENV a=b", empty_layer=True),
        History(created_by="middle", created="2026-01-01T00:00:00Z"),
        History(created_by="top", created="2026-01-02T00:00:00Z"),
        History(created_by="CMD run", empty_layer=True),
    ],
)


def file(path: str, content: bytes = b"1") -> Entry:
    """A file of no interest."""
    return Entry(path, Kind.FILE, content=content)


def link(path: str, target: str) -> Entry:
    """A hard link."""
    return Entry(path, Kind.HARDLINK, target=target)


def symlink(path: str, target: str) -> Entry:
    """A symlink."""
    return Entry(path, Kind.SYMLINK, target=target)


def whiteout(path: str) -> Entry:
    """A whiteout."""
    return Entry(path, Kind.WHITEOUT)


def said(image: Image, layer: int) -> list[tuple[str, str]]:
    """What stands in one layer, in its order."""
    entries = image.layers[layer].read().entries
    return [(entry.kind.value, entry.path) for entry in entries]


def together(image: Image) -> dict[str, tuple[tuple[str, ...], bytes]]:
    """Each file with its other names and its content."""
    return {
        path: (node.links, node.read_bytes())
        for path, node in image.filesystem().items()
        if node.is_file()
    }


# --- squash


def test_a_run_becomes_one_layer() -> None:
    """The others stay; whiteouts that hide something below stay too."""
    image = IMAGE.squash(1, 3)

    assert IMAGE.layers[0].descriptor == image.layers[0].descriptor
    assert [
        ("whiteout", "etc/old"),
        ("file", "etc/motd"),
        ("file", "mid"),
        ("file", "new"),
    ] == said(image, 1)
    assert together(IMAGE) == together(image)
    assert () == image.verify().findings


def test_whiteouts_of_what_nobody_has_go() -> None:
    """Nothing lies below the base."""
    image = IMAGE.flatten()

    assert [
        ("directory", "etc"),
        ("file", "etc/motd"),
        ("file", "mid"),
        ("file", "new"),
    ] == said(image, 0)
    assert together(IMAGE) == together(image)


def test_the_history_of_a_run_is_kept_without_its_layers() -> None:
    """One step that made the new layer follows it."""
    history = IMAGE.squash(1, 3).config.model.history

    assert [
        ("base", False),
        ("ENV a=b", True),
        ("middle", True),
        ("top", True),
        ("", False),
        ("CMD run", True),
    ] == [(step.created_by, step.empty_layer) for step in history]
    assert "squashed from 2 layers" == history[4].comment
    assert "2026-01-02T00:00:00Z" == history[4].created


@pytest.mark.parametrize(
    ("history", "left"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([History(created_by="base")], 1, id="of the base alone"),
    ],
)
def test_what_has_no_history_gets_none(history: list[History], left: int) -> None:
    """A step of its own would be taken for another layer's."""
    image = image_of(BASE, MIDDLE, TOP, history=history).squash(1, 3)

    assert left == len(image.config.model.history)


def test_two_runs_in_a_row() -> None:
    """The result is an image as any other."""
    assert together(IMAGE) == together(IMAGE.squash(0, 2).squash(0, 2))
    assert 1 == len(IMAGE.squash(0, 2).squash(0, 2).layers)


@pytest.mark.parametrize(
    ("start", "stop"),
    [(0, 0), (2, 1), (-1, 2), (0, 4)],
    ids=["empty", "backwards", "negative", "too long"],
)
def test_a_run_that_is_none_is_refused(start: int, stop: int) -> None:
    """It says which there are."""
    with pytest.raises(ImageError, match="no such run of layers") as raised:
        IMAGE.squash(start, stop)

    assert "0 <= start < stop <= 3" == raised.value.expected


def test_an_image_without_layers_cannot_be_flattened() -> None:
    """There is nothing to put into the layer."""
    with pytest.raises(ImageError, match="no such run"):
        Image.empty().flatten()


@pytest.mark.parametrize(
    ("compression", "media_type"),
    [("none", OCI_LAYER), ("gzip", OCI_LAYER_GZIP), ("zstd", OCI_LAYER_ZSTD)],
)
def test_the_new_layer_is_compressed_as_asked(
    compression: Compression, media_type: str
) -> None:
    """And its descriptor says so."""
    image = IMAGE.flatten(compression=compression)

    assert media_type == image.layers[0].descriptor.media_type
    assert together(IMAGE) == together(image)


def test_levels_and_workers_change_no_file() -> None:
    """The same level gives the same bytes, whoever does the work."""
    told: list[int] = []
    with ThreadPoolExecutor(2) as executor:
        image = IMAGE.flatten(level=9, executor=executor, progress=told.append)

    stored_bytes = sum(layer.descriptor.size for layer in IMAGE.layers)
    written = sum(len(content) for _, content in together(IMAGE).values())
    assert IMAGE.flatten(level=9) == image
    assert stored_bytes + written == sum(told)


def test_a_layer_that_does_not_verify_is_not_squashed() -> None:
    """Nothing is made of what is not what it says."""
    broken = flipped(TOP)
    image = image_of(BASE, TOP, blobs=blobs_of(BASE) | {TOP.facts.digest: broken.blob})
    with pytest.raises(OCILayersError, match=r"layers\[1\]"):
        image.flatten()


def test_each_layer_is_read_twice_and_no_more() -> None:
    """Once to verify it, once for the content of all its files."""
    big = LayerBuilder()
    for n in range(64):
        big.file(f"/{n * 37 % 64}", NOISE[n * 5000 : n * 5000 + 5000])
    layer = big.build()
    blobs = blobs_of(layer, TOP)
    opened: list[str] = []

    def source(descriptor: Descriptor) -> SupportsRead:
        opened.append(descriptor.digest)
        return io.BytesIO(blobs[descriptor.digest])

    image = image_of(layer, TOP)
    flat = Image(image.manifest, image.config, source).flatten()

    assert sorted([layer.facts.digest, TOP.facts.digest] * 2) == sorted(opened)
    assert together(image) == together(flat)


def test_a_sparse_file_keeps_its_content() -> None:
    """It stands nowhere in one piece, so it is read from the start."""
    tar = sparse_tar([(10, 1), (20, 1)], 21, b"ab")
    named = Descriptor.of(tar, OCI_LAYER)
    image = image_of(
        BASE,
        descriptors=[named],
        diff_ids=[named.digest],
        blobs={named.digest: tar},
    )

    [(_, content)] = together(image.flatten()).values()

    assert bytes(10) + b"a" + bytes(9) + b"b" == content


def test_symlinks_pipes_and_devices_are_layers_too() -> None:
    """With hard links between them, attributes and extended attributes."""
    image = image_of(
        stored(
            [
                Entry("s", Kind.SYMLINK, target="x", uid=5, mtime_ns=7),
                link("t", "s"),
                Entry("p", Kind.FIFO, 0o600),
                Entry("c", Kind.CHAR, device=(1, 3)),
                Entry("f", Kind.FILE, content=b"1", xattrs={"user.a": b"\0\xff"}),
                Entry(".", Kind.DIRECTORY, 0o700),
            ]
        ),
        TOP,
    )

    flat = image.flatten().filesystem(content="memory")

    assert image.filesystem(content="memory") == flat
    assert 2 == flat["/t"].nlink


# --- hard links to lower layers


@pytest.mark.parametrize(
    ("layers", "links"),
    [
        pytest.param(
            [[file("a")], [link("b", "a")], [file("a", b"2")]],
            {"/a": ("/a",), "/b": ("/b",)},
            id="replaced",
        ),
        pytest.param(
            [[file("a")], [link("b", "a"), link("c", "a")], [whiteout("a")]],
            {"/b": ("/b", "/c"), "/c": ("/b", "/c")},
            id="hidden, two links",
        ),
        pytest.param(
            [[file("a"), link("z", "a")], [link("b", "a")], [whiteout("a")]],
            {"/b": ("/b", "/z"), "/z": ("/b", "/z")},
            id="hidden, another name below",
        ),
        pytest.param(
            [[file("d/a")], [link("b", "d/a")], [Entry("d", Kind.SYMLINK, target="x")]],
            {"/b": ("/b",)},
            id="in a directory that is none any more",
        ),
        pytest.param(
            [[file("a")], [link("b", "a")], [file("x")]],
            {"/a": ("/a", "/b"), "/b": ("/a", "/b"), "/x": ("/x",)},
            id="still there",
        ),
    ],
)
def test_a_hard_link_outlives_what_it_names(
    layers: list[list[Entry]], links: dict[str, tuple[str, ...]]
) -> None:
    """No archive says "the file that was below", so its name or its content does."""
    image = image_of(*map(stored, layers))
    squashed = image.squash(1, 3)

    assert together(image) == together(squashed)
    assert links == {path: names for path, (names, _) in together(squashed).items()}


# --- strip


def test_what_is_stripped_is_in_no_layer() -> None:
    """Neither as an entry nor as a whiteout; other layers keep their blobs."""
    image = IMAGE.strip(["/etc/old", "mid/"])

    assert [("directory", "etc"), ("file", "etc/motd")] == said(image, 0)
    assert [("file", "etc/motd")] == said(image, 1)
    assert [("file", "new")] == said(image, 2)
    assert IMAGE.config.model.history == image.config.model.history
    assert () == image.verify().findings
    assert ["gzip", "gzip", "zstd"] == [
        layer.descriptor.media_type.compression for layer in image.layers
    ]


def test_one_path_alone_is_one_path() -> None:
    """Its letters are none: the first would be the root."""
    path = "/etc/old"

    assert IMAGE.strip([path]) == IMAGE.strip(path)


def test_a_layer_that_has_none_of_it_stays() -> None:
    """Its blob is not made again."""
    image = IMAGE.strip(["/new"])

    assert [IMAGE.layers[n].descriptor for n in (0, 1)] == [
        layer.descriptor for layer in image.layers[:2]
    ]
    assert [("whiteout", "etc/old")] == said(image, 2)
    assert IMAGE == IMAGE.strip(["/nowhere", "/etc/motd/x"])


def test_all_that_is_in_it_goes_too() -> None:
    """But not what only begins like it."""
    image = image_of(stored([file("a/b"), file("a/c/d"), file("ab")]))

    assert ["/", "/ab"] == list(image.strip(["a"]).filesystem())
    assert ["/"] == list(image.strip(["/"]).filesystem())
    assert ["/", "/a", "/a/b", "/ab"] == list(image.strip(["a/c"]).filesystem())


def test_a_directory_that_nothing_is_left_in_keeps_what_it_is() -> None:
    """The upper layer implied it, and the lower one says its mode."""
    image = image_of(
        stored([Entry("d", Kind.DIRECTORY, 0o700)]), stored([file("d/x"), file("y")])
    ).strip(["d/x"])

    assert 0o700 == image.filesystem()["/d"].mode


@pytest.mark.parametrize(
    ("layers", "gone", "left"),
    [
        pytest.param(
            [[file("a"), link("b", "a"), link("c", "a")]],
            ["a"],
            {"/b": ("/b", "/c"), "/c": ("/b", "/c")},
            id="in one layer",
        ),
        pytest.param(
            [[file("a")], [link("b", "a"), link("c", "a")]],
            ["a"],
            {"/b": ("/b", "/c"), "/c": ("/b", "/c")},
            id="in two layers",
        ),
        pytest.param(
            [[file("a")], [link("c", "a"), link("b", "a"), file("d", b"2")]],
            ["a", "d"],
            {"/b": ("/b", "/c"), "/c": ("/b", "/c")},
            id="in two layers, the last first by name",
        ),
        pytest.param(
            [[file("d/a"), symlink("s", "d")], [link("b", "s/a")]],
            ["s"],
            {"/b": ("/b", "/d/a"), "/d/a": ("/b", "/d/a")},
            id="by a symlink that goes",
        ),
        pytest.param(
            [[file("a"), link("d/z", "a")], [link("b", "a"), symlink("d", "d/x")]],
            ["a"],
            {"/b": ("/b",)},
            id="with another name that the layer replaces",
        ),
        pytest.param(
            [[file("a"), link("z", "a")], [link("b", "a")]],
            ["a"],
            {"/b": ("/b", "/z"), "/z": ("/b", "/z")},
            id="with another name below",
        ),
        pytest.param(
            [[file("a"), link("z", "a")], [link("b", "a")], [link("c", "b")]],
            ["a", "b", "z"],
            {"/c": ("/c",)},
            id="a chain of layers",
        ),
        pytest.param(
            [[file("a")], [link("b", "a")]],
            ["b"],
            {"/a": ("/a",)},
            id="the link itself",
        ),
        pytest.param(
            [[file("a", b"")], [link("b", "a")]],
            ["a"],
            {"/b": ("/b",)},
            id="an empty file",
        ),
    ],
)
def test_what_stays_stays_whole(
    layers: list[list[Entry]], gone: list[str], left: dict[str, tuple[str, ...]]
) -> None:
    """A file goes when all its names go."""
    image = image_of(*map(stored, layers))
    stripped = image.strip(gone)

    assert left == {path: names for path, (names, _) in together(stripped).items()}
    assert {together(image)[path][1] for path in left} == {
        content for _, content in together(stripped).values()
    }


def test_what_a_layer_hides_itself_goes_too() -> None:
    """A secret that nobody sees is still in the archive."""
    image = image_of(stored([file("a"), file("b/secret", b"key"), link("b", "a")]))
    stripped = image.strip(["b/secret"])

    assert together(image) == together(stripped)
    assert [("file", "a"), ("hardlink", "b")] == said(stripped, 0)


def test_what_is_true_of_the_old_bytes_only_is_not_said_of_the_new() -> None:
    """Where to fetch them, and where their table of contents is."""
    named = attrs.evolve(
        BASE.descriptor,
        urls=["https://example.com/base"],
        annotations={
            "containerd.io/snapshot/stargz/toc.digest": "sha256:…",
            "com.example.kept": "yes",
        },
    )
    image = image_of(BASE, descriptors=[named]).strip(["etc/old"])

    [layer] = image.layers
    assert {"com.example.kept": "yes"} == layer.descriptor.annotations
    assert () == layer.descriptor.urls


# --- real images

REAL = [
    "images/dive-oci-estargz/image.oci.tar",
    "images/nasty-docker/image.docker.tar.gz",
    "images/nasty-oci-gzip/image.oci.tar",
    "images/nasty-oci-zstdchunked/image.oci.tar",
]


@pytest.mark.parametrize("name", REAL)
def test_a_real_image_is_the_same_when_it_is_flat(shared: Path, name: str) -> None:
    """Every path, its attributes and its content."""
    with (shared / "corpus" / name).open("rb") as archive:
        image = open_archive(archive)
        flat = image.flatten(level=1)

        assert image.filesystem().digest() == flat.filesystem().digest()
        assert flat.verify().ok


@pytest.mark.parametrize("name", REAL)
def test_a_real_image_is_the_same_when_its_upper_half_is_squashed(
    shared: Path, name: str
) -> None:
    """On a lower half that stays."""
    with (shared / "corpus" / name).open("rb") as archive:
        image = open_archive(archive)
        half = len(image.layers) // 2
        squashed = image.squash(half, len(image.layers), compression="zstd")

        assert image.filesystem().digest() == squashed.filesystem().digest()
        assert half + 1 == len(squashed.layers)
