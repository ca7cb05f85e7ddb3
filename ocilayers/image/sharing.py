"""What images have in common: layers, and the base they lie on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from ocilayers.image._edit import paired
from ocilayers.spec.digest import Digest

if TYPE_CHECKING:
    from ocilayers.image.image import Image

__all__ = ["SharedLayer", "is_based_on", "shared_layers"]


@attrs.frozen
class SharedLayer:
    """A layer that more than one image has.

    Attributes:
        diff_id: Of its plain tar, which is what makes it the same.
        sizes: Of its stored bytes, by digest: more than one where the images store it
            in different ways, and a registry stores it as often.
        images: The places of the images that have it.
    """

    diff_id: Digest
    sizes: tuple[tuple[Digest, int], ...]
    images: tuple[int, ...]

    @property
    def stored(self) -> int:
        """What it takes to store it for all of them, in bytes."""
        return sum(size for _, size in self.sizes)


def shared_layers(images: Iterable[Image]) -> tuple[SharedLayer, ...]:
    """The layers that more than one of *images* has, the largest first.

    >>> from ocilayers.image.sample import sample_image
    >>> image = sample_image()
    >>> [
    ...     len(layer.images)
    ...     for layer in shared_layers([image, image.recompress("zstd")])
    ... ]
    [2, 2, 2, 2]

    Args:
        images: Any number; nothing but their documents is read.

    Raises:
        ImageError: Manifest and config of one have different numbers of layers.
    """
    found: dict[Digest, tuple[dict[Digest, int], dict[int, None]]] = {}
    for n, image in enumerate(images):
        for descriptor, diff_id in paired(image):
            sizes, places = found.setdefault(diff_id, ({}, {}))
            sizes[descriptor.digest] = descriptor.size
            places[n] = None
    shared = (
        SharedLayer(diff_id, tuple(sizes.items()), tuple(places))
        for diff_id, (sizes, places) in found.items()
        if len(places) > 1
    )
    return tuple(sorted(shared, key=lambda layer: -layer.stored))


def is_based_on(image: Image, base: Image) -> bool:
    """Whether the layers of *image* begin with all those of *base*.

    Raises:
        ImageError: Manifest and config of one have different numbers of layers.
    """
    below = [diff_id for _, diff_id in paired(base)]
    return [diff_id for _, diff_id in paired(image)[: len(below)]] == below
