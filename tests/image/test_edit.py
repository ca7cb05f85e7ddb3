"""Other documents: only what changes is written anew, and it is at hand."""

from __future__ import annotations

import io
from collections.abc import Callable

import attrs
import pytest
from built_images import BASE, TOP, blobs_of, image_of

from ocilayers._types import SupportsRead
from ocilayers.errors import DocumentError, ImageError
from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.spec.config import ContainerConfig, ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.media_types import OCI_MANIFEST
from ocilayers.wire.parse import parse_config, parse_manifest

IMAGE = image_of(BASE, TOP)


def config_of(image: Image, user: str) -> ImageConfig:
    """The config of *image* with another user."""
    model = image.config.model
    return attrs.evolve(model, config=attrs.evolve(model.config, user=user))


def test_another_config_is_named_by_the_manifest() -> None:
    """By digest and size; the layers stay."""
    image = IMAGE.edit(config=config_of(IMAGE, "nobody"))

    assert "nobody" == image.config.model.config.user
    assert image.config.digest == image.manifest.model.config.digest
    assert image.config.size == image.manifest.model.config.size
    assert IMAGE.manifest.model.layers == image.manifest.model.layers
    assert () == image.verify().findings


def test_annotations_are_of_the_manifest() -> None:
    """The config is the same, byte for byte."""
    image = IMAGE.edit(annotations={"a": "b"})

    assert {"a": "b"} == image.manifest.model.annotations
    assert IMAGE.config == image.config
    assert [OCI_MANIFEST] == [named.media_type for named, _ in image.blobs_written()]


def test_what_nobody_knows_stays_where_it_is() -> None:
    """Unknown members, order and spaces of both documents."""
    config = parse_config(b'{ "x": 1, "os":"linux", "rootfs":{"type":"layers"} }')
    raw = (
        b'{ "y": 2, "schemaVersion": 2, "config": {"mediaType":'
        b' "application/vnd.oci.image.config.v1+json", "digest": "%s", "size": %d},'
        b' "layers": [] }' % (config.digest.encode(), config.size)
    )
    image = Image(parse_manifest(raw), config, {})

    edited = image.edit(config=attrs.evolve(config.model, os="plan9"))

    assert config.raw.replace(b"linux", b"plan9") == edited.config.raw
    assert (
        raw.replace(config.digest.encode(), edited.config.digest.encode())
        == edited.manifest.raw
    )


@pytest.mark.parametrize(
    "edit",
    [
        lambda image: image.edit(),
        lambda image: image.edit(config=image.config.model, annotations={}),
    ],
    ids=["nothing", "the same"],
)
def test_an_edit_that_changes_nothing_writes_nothing(
    edit: Callable[[Image], Image],
) -> None:
    """Not even another form of the same."""
    edited = edit(IMAGE)

    assert IMAGE == edited
    assert [] == list(edited.blobs_written())


def test_what_is_untouched_is_not_read() -> None:
    """Nor made again: a registry may be far away."""

    def source(descriptor: Descriptor) -> SupportsRead:
        raise AssertionError(descriptor)

    image = Image(IMAGE.manifest, IMAGE.config, source)
    changed = image.append(BASE).edit(config=config_of(image.append(BASE), "x"))

    assert [BASE.descriptor.digest, changed.image_id, changed.digest] == [
        named.digest for named, _ in changed.blobs_written()
    ]


def test_blobs_are_written_in_the_order_in_which_stores_take_them() -> None:
    """Each once, and none that is named no more."""
    image = Image.empty().append(TOP).append(BASE).append(TOP)

    written = list(image.blobs_written())

    assert [TOP.blob, BASE.blob, image.config.raw, image.manifest.raw] == [
        blob for _, blob in written
    ]
    assert all(Descriptor.of(b, n.media_type).digest == n.digest for n, b in written)


def test_what_was_made_comes_first_and_the_rest_from_the_source() -> None:
    """An edited image is read as any other."""
    opened: list[str] = []

    def source(descriptor: Descriptor) -> SupportsRead:
        opened.append(descriptor.digest)
        return io.BytesIO(blobs_of(BASE)[descriptor.digest])

    image = Image(image_of(BASE).manifest, image_of(BASE).config, source).append(TOP)

    assert ["/", "/etc", "/etc/motd", "/new"] == list(image.filesystem())
    assert [BASE.descriptor.digest] == opened


def test_embedded_data_of_the_old_config_goes() -> None:
    """What a descriptor carries is what it names."""
    named = IMAGE.manifest.model.config
    model = attrs.evolve(
        IMAGE.manifest.model, config=attrs.evolve(named, data=IMAGE.config.raw)
    )
    image = attrs.evolve(IMAGE, manifest=IMAGE.manifest.edit(model))

    edited = image.edit(config=config_of(image, "x"))

    assert IMAGE.config.raw == image.manifest.model.config.data
    assert edited.manifest.model.config.data is None


def test_a_config_for_other_layers_is_refused() -> None:
    """One made from nothing forgets them easily."""
    with pytest.raises(ImageError, match="another number of diff_ids"):
        IMAGE.edit(config=ImageConfig(os="linux", architecture="amd64"))


def test_a_config_that_is_none_is_refused() -> None:
    """As `Document.edit` does."""
    model = attrs.evolve(IMAGE.config.model, config=ContainerConfig(env=["a=\ud800"]))
    with pytest.raises(DocumentError):
        IMAGE.edit(config=model)


def test_other_words_lose_nothing_silently() -> None:
    """What Docker has no place for is a finding; what was found before stays."""
    image = IMAGE.edit(annotations={"a": "b"}).to("docker")

    assert {} == image.manifest.model.annotations
    assert ["lost-member"] == [found.code for found in image.manifest.findings]
    assert ["lost-member"] == [f.code for f in image.to("docker").manifest.findings]


def test_the_sample_speaks_both() -> None:
    """Docker's image in OCI's words: same image ID, same layers, all verified."""
    sample = sample_image()
    image = sample.to("oci")

    assert sample.image_id == image.image_id
    assert OCI_MANIFEST == image.manifest.media_type
    assert sample.filesystem() == image.filesystem()
    assert sample == image.to("docker")
    assert [image.digest] == [named.digest for named, _ in image.blobs_written()]
