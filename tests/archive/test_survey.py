"""Everything that the index of a layout leads to, each read once."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import attrs
import pytest
from archives import Files, blob_name, layout, small_image

from ocilayers.archive.oci_layout import read_layout
from ocilayers.errors import AmbiguousImageError
from ocilayers.image.image import Image
from ocilayers.limits import Limits
from ocilayers.spec.annotations import REF_NAME
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import OCI_CONFIG, OCI_MANIFEST
from ocilayers.spec.platform import Platform
from ocilayers.wire.render import render

ONE = small_image("one")
TWO = small_image("two")
SHARED_BY = ["linux/amd64", "linux/arm64", "linux/arm/v6"]
UNKNOWN = Platform(os="unknown", architecture="unknown")


@attrs.frozen
class Counted:
    """The files of a layout, and how often each was opened."""

    files: Files
    opened: Counter[str] = attrs.field(factory=Counter[str])

    def __contains__(self, name: str) -> bool:
        return name in self.files

    def open(self, name: str) -> io.BytesIO:
        self.opened[name] += 1
        return io.BytesIO(self.files[name])


def indexed(*entries: Descriptor) -> Files:
    """An `index.json`."""
    return {"index.json": render(ImageIndex(manifests=entries)).raw}


def read(members: Counted, *, platform: str | None = None) -> Image:
    """The only image of a layout."""
    return read_layout(members, ref=None, platform=platform, limits=Limits())


@pytest.mark.spec(
    "image-spec image-layout.md, Blobs",
    "The blobs directory MAY be missing referenced blobs, in which case the "
    "missing blobs SHOULD be fulfilled by an external blob store.",
)
def test_an_image_whose_config_was_left_elsewhere_is_no_choice() -> None:
    """Nothing can be told of it."""
    files = layout(ONE, TWO)
    del files[blob_name(TWO.image_id)]

    assert ONE == read(Counted(files))


def test_an_image_that_platforms_share_is_there_for_each_of_them() -> None:
    """It is one image, however often it is listed."""
    one = ONE.manifest.descriptor()
    shared = [attrs.evolve(one, platform=Platform.parse(each)) for each in SHARED_BY]
    members = Counted(layout(ONE) | indexed(*shared))

    assert ONE == read(members)
    for platform in SHARED_BY:
        assert ONE.digest == read(members, platform=platform).digest


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"media_type": "x/y"}, id="of another type"),
        pytest.param({"platform": UNKNOWN}, id="for no platform"),
    ],
)
def test_an_entry_that_is_no_image_hides_none(members: dict[str, Any]) -> None:
    """Even if it names the same bytes."""
    one = ONE.manifest.descriptor()
    other = attrs.evolve(one, **members)

    assert ONE == read(Counted(layout(ONE) | indexed(other, one)))


@pytest.mark.hostile("a document without end")
def test_what_is_named_often_is_read_once() -> None:
    """Few bytes name a manifest or a config of megabytes again and again."""
    files = layout(ONE)
    # Spaces make another manifest of the same config.
    manifests = [ONE.manifest.raw + b" " * n for n in range(5)]
    named = [Descriptor.of(raw, OCI_MANIFEST) for raw in manifests]
    files |= {blob_name(Digest.of(raw)): raw for raw in manifests}
    entries = [
        attrs.evolve(one, annotations={REF_NAME: str(n)})
        for n, one in enumerate([*named] * 10)
    ]
    members = Counted(files | indexed(*entries))

    with pytest.raises(AmbiguousImageError, match="50 x image"):
        read(members)

    assert 1 == members.opened[blob_name(ONE.image_id)]
    assert {1} == {members.opened[blob_name(one.digest)] for one in named}


@pytest.mark.hostile("a document without end")
def test_a_broken_config_is_not_read_for_each_manifest() -> None:
    """It stays broken."""
    broken = Descriptor.of(b"oops", OCI_CONFIG)
    files = layout() | {blob_name(broken.digest): b"oops"}
    manifests = [
        render(ImageManifest(config=broken, annotations={"n": str(n)}))
        for n in range(3)
    ]
    files |= {blob_name(one.digest): one.raw for one in manifests}
    members = Counted(files | indexed(*(one.descriptor() for one in manifests)))

    with pytest.raises(AmbiguousImageError, match="3 x image"):
        read(members)

    assert 1 == members.opened[blob_name(broken.digest)]
