"""An image on another base: the layers of the one under it replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs

from ocilayers.errors import ImageError
from ocilayers.image._edit import edited, paired, source, with_layers, written
from ocilayers.image.blobs import BlobsAtHome, BlobSource, WrittenBlobs
from ocilayers.image.sharing import is_based_on
from ocilayers.spec.annotations import BASE_DIGEST
from ocilayers.spec.config import History
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.history import align, fitted
from ocilayers.spec.media_types import Dialect

if TYPE_CHECKING:
    from ocilayers.image.image import Image

__all__ = ["check_base", "rebase"]


def rebase(image: Image, old_base: Image, new_base: Image) -> Image:
    """*image* with the layers of *new_base* instead of those of *old_base*.

    Raises:
        ImageError: It does not lie on *old_base*, or the two run on other platforms.
    """
    check_base(image, old_base, new_base)
    own, new = paired(image), paired(new_base)
    count = len(old_base.layers)
    dialect = image.manifest.media_type.dialect or "oci"
    layers = [(_renamed(layer, dialect), diff_id) for layer, diff_id in new]
    homes: dict[str, BlobSource] = {layer.digest: new_base.blobs for layer, _ in layers}
    at_home = BlobsAtHome(homes, source(image))
    rebased = with_layers(
        attrs.evolve(image, blobs=WrittenBlobs(written(image), at_home)),
        [*layers, *own[count:]],
        history=_history(image, old_base, new_base),
        # What was made for the new base is still to be handed over.
        blobs={name: blob for name, blob in written(new_base).items() if name in homes},
    )
    said = rebased.manifest.model.annotations
    if BASE_DIGEST in said:
        annotations = {**said, BASE_DIGEST: new_base.digest}
        rebased = edited(rebased, annotations=annotations)
    return rebased


def check_base(image: Image, old_base: Image, new_base: Image) -> None:
    """Refuse bases that do not fit.

    Raises:
        ImageError: *image* does not lie on *old_base*, or *new_base* runs on another
            platform.
    """
    count = len(old_base.layers)
    if not is_based_on(image, old_base):
        raise ImageError(
            "the image does not lie on the old base",
            where="rootfs.diff_ids",
            expected=f"the {count} layers of the old base",
            actual=f"{len(image.layers)} layers that begin with others",
        )
    if (image.platform.os, image.platform.architecture) != (
        new_base.platform.os,
        new_base.platform.architecture,
    ):
        raise ImageError(
            "the new base runs on another platform",
            expected=str(image.platform),
            actual=str(new_base.platform),
        )


def _renamed(layer: Descriptor, dialect: Dialect) -> Descriptor:
    return attrs.evolve(layer, media_type=layer.media_type.converted(dialect))


def _history(image: Image, old_base: Image, new_base: Image) -> tuple[History, ...]:
    """The steps of the new base, and those of *image* that are its own."""
    steps, below = image.config.model.history, new_base.config.model.history
    if not steps and not below:
        return ()
    upper = len(image.layers) - len(old_base.layers)
    return (
        *fitted(below, len(new_base.layers)),
        *(_after(old_base, steps) if steps else fitted((), upper)),
    )


def _after(base: Image, steps: Sequence[History]) -> Sequence[History]:
    """Those of *steps* that come after the last one of *base*."""
    own, count = base.config.model.history, len(base.layers)
    made = sum(not step.empty_layer for step in own)
    # Steps without a layer at its end belong to it too, where it knows of them.
    if made == count and tuple(steps[: len(own)]) == own:
        return steps[len(own) :]
    last = align(steps, count).steps[-1] if count else -1
    return () if last is None else steps[last + 1 :]
