"""Layers read and put on top of each other; many images over few layers."""

from __future__ import annotations

import io
from collections import Counter

import attrs
import pytest
from built_images import BASE, TOP, blobs_of, image_of

from ocilayers._types import SupportsRead
from ocilayers.errors import ImageError, SizeMismatchError
from ocilayers.layer.builder import LayerBuilder
from ocilayers.layer.index import LayerIndex, index_layer
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest


def _indexes() -> dict[str, LayerIndex]:
    return {layer.diff_id: index_layer(io.BytesIO(layer.blob)) for layer in (BASE, TOP)}


def test_an_index_of_another_layer_is_refused() -> None:
    """It says which layer, and what it is of."""
    indexes = {**_indexes(), BASE.diff_id: _indexes()[TOP.diff_id]}
    with pytest.raises(ImageError, match="of another layer") as raised:
        image_of(BASE, TOP).filesystem(indexes=indexes)

    assert raised.value.where.startswith("layers[0]")
    assert (BASE.diff_id, TOP.diff_id) == (raised.value.expected, raised.value.actual)


def test_an_index_does_not_hide_that_a_blob_is_of_another_size() -> None:
    """What reading it would have found."""
    wrong = attrs.evolve(TOP.descriptor, size=TOP.descriptor.size + 1)
    image = image_of(BASE, TOP, descriptors=[BASE.descriptor, wrong])
    with pytest.raises(SizeMismatchError) as raised:
        image.filesystem(indexes=_indexes())

    assert raised.value.where.startswith("layers[1]")


def test_an_index_that_nobody_asks_for_does_no_harm() -> None:
    """More than one image's may be shared."""
    assert "/etc/motd" in image_of(BASE).filesystem(indexes=_indexes())


def test_fifty_images_over_sixty_layers_read_each_layer_once() -> None:
    """Where indexes are shared; also the content that is asked for comes back."""
    layers = [
        LayerBuilder().file("/common", b"%d" % n).file(f"/{n}", b"").build()
        for n in range(60)
    ]
    stacks = [[layers[n % 10], layers[10 + n], layers[n % 7]] for n in range(50)]
    blobs = blobs_of(*layers)
    opened: Counter[Digest] = Counter()

    def source(descriptor: Descriptor) -> SupportsRead:
        opened[descriptor.digest] += 1
        return io.BytesIO(blobs[descriptor.digest])

    images = [image_of(*stack, blobs=source) for stack in stacks]
    indexes: dict[str, LayerIndex] = {}
    for layer in (layer for image in images for layer in image.layers):
        if layer.diff_id and layer.diff_id not in indexes:
            indexes[layer.diff_id] = layer.read()
    systems = [image.filesystem(indexes=indexes) for image in images]

    assert {layer.descriptor.digest: 1 for layer in layers} == opened
    assert [b"%d" % (n % 7) for n in range(50)] == [
        fs["/common"].read_bytes() for fs in systems
    ]
