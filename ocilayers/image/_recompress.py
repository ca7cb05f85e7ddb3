"""The layers of an image in other stored bytes, with the same image ID."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ocilayers._source import chunks
from ocilayers.codec.layer import LayerFacts
from ocilayers.codec.recompress import recompress
from ocilayers.image._edit import describe, edited
from ocilayers.image.blobs import opened
from ocilayers.image.places import place
from ocilayers.spec.descriptor import Descriptor

if TYPE_CHECKING:
    from ocilayers.image._squash import Making
    from ocilayers.image.image import Image
    from ocilayers.image.layer import Layer

__all__ = ["recompress_layers"]


def recompress_layers(image: Image, making: Making) -> Image:
    """*image* with each layer stored as *making* says; config and diff_ids stay.

    A layer that is compressed in this way already stays as it is, unless a level is
    asked for. So does one that is fetched from elsewhere: it may not be given on; and
    one whose media type names no tar archive: no other name would be true of it.

    Raises:
        OCILayersError: A layer does not verify.
    """
    # The same blob under the same promises is made once.
    made: dict[Layer, LayerFacts] = {}
    layers: list[Descriptor] = []
    blobs: dict[str, bytes] = {}
    for layer in image.layers:
        described = layer.descriptor
        name = described.media_type
        is_right = name.compression == making.compression and making.level is None
        if is_right or name.is_foreign or name.compression is None:
            layers.append(described)
            continue
        if layer.promises not in made:
            facts, blob = _stored(layer, making)
            made[layer.promises], blobs[facts.digest] = facts, blob
        layers.append(describe(image, made[layer.promises], described))
    return edited(image, layers=layers, blobs=blobs)


def _stored(layer: Layer, making: Making) -> tuple[LayerFacts, bytes]:
    with place(layer.where), opened(layer.blobs, layer.descriptor) as stream:
        stored = recompress(
            chunks(stream, progress=making.progress),
            to=making.compression,
            level=making.level,
            descriptor=layer.descriptor,
            diff_id=layer.diff_id,
            limits=layer.limits,
            executor=making.executor,
        )
        blob = io.BytesIO()
        blob.writelines(stored)
    return stored.facts, blob.getvalue()
