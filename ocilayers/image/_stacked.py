"""The layers of an image, read and put on top of each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from ocilayers.errors import ImageError, SizeMismatchError
from ocilayers.image._edit import paired
from ocilayers.image.layer import FileContent, Layer
from ocilayers.layer.index import LayerIndex
from ocilayers.layer.stored import StoredLayer
from ocilayers.spec.digest import Digest
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.tree.stack import Profile

if TYPE_CHECKING:
    from ocilayers.image.image import Image

__all__ = ["stacked"]


def stacked(
    image: Image,
    *,
    content: FileContent,
    profile: Profile,
    strict: bool,
    executor: Executor | None,
    progress: Callable[[int], object] | None,
    indexes: Mapping[str, LayerIndex] | Mapping[Digest, LayerIndex],
) -> Filesystem:
    """What `Image.filesystem` gives."""
    paired(image)
    read: dict[Layer, LayerIndex] = {}
    stack: list[StoredLayer | LayerIndex] = []
    for layer in image.layers:
        # The same blob under the same promises is read once.
        index = _known(layer, indexes)
        if index is None:
            index = read.get(layer.promises)
        if index is None:
            index = read[layer.promises] = layer.read(
                content=content,
                strict=strict,
                executor=executor,
                progress=progress,
            )
        stack.append(index if content == "none" else layer.lazily(index))
    return merge(
        stack,
        profile=profile,
        strict=strict,
        limits=image.limits,
        created_by=[layer.created_by for layer in image.layers],
    )


def _known(
    layer: Layer, indexes: Mapping[str, LayerIndex] | Mapping[Digest, LayerIndex]
) -> LayerIndex | None:
    index = None if layer.diff_id is None else indexes.get(layer.diff_id)
    if index is None:
        return None
    facts, promised = index.facts, layer.descriptor
    if facts.diff_id != layer.diff_id:
        raise ImageError(
            "the index is of another layer",
            where=layer.where,
            expected=layer.diff_id,
            actual=facts.diff_id,
        )
    # Of another blob with the same tar it says nothing.
    if facts.digest == promised.digest and facts.size != promised.size:
        raise SizeMismatchError(
            "the blob that was indexed is of another size than is promised",
            where=layer.where,
            expected=promised.size,
            actual=facts.size,
        )
    return index
