"""An image on another base: its own layers, steps and config on other layers."""

from __future__ import annotations

import io
from collections.abc import Sequence

import attrs
import pytest
from built_images import BASE, TOP, blobs_of, image_of

from ocilayers._types import SupportsRead
from ocilayers.errors import BlobNotFoundError, ImageError
from ocilayers.image.image import Image
from ocilayers.layer.builder import LayerBuilder
from ocilayers.spec.annotations import BASE_DIGEST, BASE_NAME
from ocilayers.spec.config import History
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.media_types import DOCKER_LAYER_GZIP
from ocilayers.spec.platform import Platform

FIXED = LayerBuilder().directory("/etc").file("/etc/motd", b"fixed").build()
MORE = LayerBuilder().file("/more", b"more").build()

ADD = History(created_by="ADD old")
ENV = History(created_by="ENV a=b", empty_layer=True)
ADD_NEW = History(created_by="ADD new")
ADD_MORE = History(created_by="ADD more")
COPY = History(created_by="COPY top")
CMD = History(created_by="CMD run", empty_layer=True)
PLAIN = History()

OLD = image_of(BASE, history=[ADD, ENV])
NEW = image_of(FIXED, MORE, history=[ADD_NEW, ADD_MORE])
IMAGE = image_of(BASE, TOP, history=[ADD, ENV, COPY, CMD])


def test_the_layers_of_the_base_are_replaced() -> None:
    """All others stay, and nothing is made but documents."""
    image = IMAGE.rebase(OLD, NEW)

    assert [FIXED.descriptor, MORE.descriptor, TOP.descriptor] == [
        layer.descriptor for layer in image.layers
    ]
    assert [FIXED.diff_id, MORE.diff_id, TOP.diff_id] == [
        layer.diff_id for layer in image.layers
    ]
    assert "fixed" == image.filesystem()["/etc/motd"].read_text()
    assert [image.image_id, image.digest] == [
        named.digest for named, _ in image.blobs_written()
    ]
    assert image.verify().ok


def test_how_it_is_run_stays_as_it_was() -> None:
    """The image decided on it, its base only proposed."""
    model = IMAGE.config.model
    own = IMAGE.edit(
        config=attrs.evolve(model, config=attrs.evolve(model.config, user="me"))
    )

    assert "me" == own.rebase(OLD, NEW).config.model.config.user


@pytest.mark.parametrize(
    ("old", "image", "new", "after"),
    [
        pytest.param(
            [ADD, ENV],
            [ADD, ENV, COPY, CMD],
            [ADD_NEW, ADD_MORE],
            [ADD_NEW, ADD_MORE, COPY, CMD],
            id="all have one",
        ),
        pytest.param(
            [],
            [ADD, ENV, COPY],
            [ADD_NEW, ADD_MORE],
            [ADD_NEW, ADD_MORE, ENV, COPY],
            id="the old base has none",
        ),
        pytest.param(
            [ADD_NEW],
            [ADD, ENV, COPY],
            [ADD_NEW, ADD_MORE],
            [ADD_NEW, ADD_MORE, ENV, COPY],
            id="the old base has another",
        ),
        pytest.param(
            [ADD, COPY],
            [ENV],
            [ADD_NEW, ADD_MORE],
            [ADD_NEW, ADD_MORE],
            id="nothing fits",
        ),
        pytest.param([], [], [], [], id="none has one"),
        pytest.param(
            [ADD],
            [],
            [ADD_NEW, ADD_MORE],
            [ADD_NEW, ADD_MORE, PLAIN],
            id="the image has none",
        ),
        pytest.param(
            [ADD],
            [ADD, COPY],
            [],
            [PLAIN, PLAIN, COPY],
            id="the new base has none",
        ),
        pytest.param(
            [ADD],
            [ADD, COPY],
            [ADD_NEW],
            [ADD_NEW, PLAIN, COPY],
            id="the new base has too few",
        ),
        pytest.param(
            [ADD],
            [ADD, COPY],
            [ADD_NEW, ADD_MORE, ADD],
            [ADD_NEW, ADD_MORE, attrs.evolve(ADD, empty_layer=True), COPY],
            id="the new base has too many",
        ),
    ],
)
def test_the_steps_of_the_base_are_replaced_too(
    old: Sequence[History],
    image: Sequence[History],
    new: Sequence[History],
    after: Sequence[History],
) -> None:
    """Steps belong to layers by their places, so some may be made."""
    rebased = image_of(BASE, TOP, history=image).rebase(
        image_of(BASE, history=old), image_of(FIXED, MORE, history=new)
    )

    assert tuple(after) == rebased.config.model.history


def test_a_base_without_layers_is_one() -> None:
    """So an image can be put on any other, and history of nothing stays."""
    top = Image.empty().append(TOP, created_by="COPY top")

    image = top.rebase(Image.empty(), NEW)

    assert (ADD_NEW, ADD_MORE, COPY) == image.config.model.history
    assert ["/", "/etc", "/etc/motd", "/more", "/new"] == list(image.filesystem())


def test_an_image_on_its_own_base_is_itself() -> None:
    """Byte for byte."""
    assert IMAGE == IMAGE.rebase(OLD, OLD)
    assert [] == list(IMAGE.rebase(OLD, OLD).blobs_written())


def test_each_blob_comes_from_where_it_was() -> None:
    """The new base may live in another store; what was made for it is at hand."""

    def only(*blobs: bytes) -> dict[str, bytes]:
        return {Descriptor.of(blob, "x/y").digest: blob for blob in blobs}

    asked: list[str] = []

    def base(descriptor: Descriptor) -> SupportsRead:
        asked.append(descriptor.digest)
        return io.BytesIO(blobs_of(FIXED)[descriptor.digest])

    new = Image(image_of(FIXED).manifest, image_of(FIXED).config, base).append(MORE)
    own = Image(IMAGE.manifest, IMAGE.config, only(BASE.blob, TOP.blob))

    image = own.rebase(OLD, new)

    assert ["/", "/etc", "/etc/motd", "/more", "/new"] == list(image.filesystem())
    assert [FIXED.facts.digest] == asked
    assert [MORE.facts.digest, image.image_id, image.digest] == [
        named.digest for named, _ in image.blobs_written()
    ]


def test_an_image_that_was_rebased_is_rebased_again() -> None:
    """Also one that was edited in between, or never."""
    image = IMAGE.rebase(OLD, NEW).append(MORE).rebase(NEW, OLD)

    assert [BASE.diff_id, TOP.diff_id, MORE.diff_id] == [
        layer.diff_id for layer in image.layers
    ]
    assert image.verify().ok


def test_layers_get_the_names_of_the_images_standard() -> None:
    """Whatever the new base is written in."""
    image = IMAGE.to("docker").rebase(OLD, NEW)

    assert DOCKER_LAYER_GZIP == image.layers[0].descriptor.media_type


@pytest.mark.spec(
    "image-spec annotations.md, Pre-Defined Annotation Keys",
    "org.opencontainers.image.base.digest Digest of the image this image is based on",
)
def test_an_annotation_of_the_base_is_kept_true() -> None:
    """Its name is not known here, so that stays; nothing is added."""
    said = {BASE_DIGEST: OLD.digest, BASE_NAME: "alpine:3"}
    image = IMAGE.edit(annotations=said).rebase(OLD, NEW)

    assert {
        BASE_DIGEST: NEW.digest,
        BASE_NAME: "alpine:3",
    } == image.manifest.model.annotations
    assert {} == IMAGE.rebase(OLD, NEW).manifest.model.annotations


def test_another_base_than_it_has_is_refused() -> None:
    """It has to begin with all of its layers."""
    with pytest.raises(ImageError, match="does not lie on the old base"):
        IMAGE.rebase(NEW, OLD)
    with pytest.raises(ImageError, match="does not lie on the old base"):
        OLD.rebase(IMAGE, NEW)


def test_a_base_for_another_platform_is_refused() -> None:
    """Its programs would not run."""
    other = Image.empty(Platform(os="linux", architecture="arm64")).append(FIXED)
    with pytest.raises(ImageError, match="another platform") as raised:
        IMAGE.rebase(OLD, other)

    assert ("linux/amd64", "linux/arm64") == (
        raised.value.expected,
        raised.value.actual,
    )


def test_a_blob_that_nobody_has_is_named() -> None:
    """When it is read; a rebase reads none."""
    image = Image(IMAGE.manifest, IMAGE.config, {}).rebase(
        OLD, Image(NEW.manifest, NEW.config, {})
    )
    with pytest.raises(BlobNotFoundError, match=FIXED.facts.digest):
        image.filesystem()
