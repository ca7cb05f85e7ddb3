"""The layers of an image, read and put on top of each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from ocilayers.image._edit import paired
from ocilayers.image.layer import FileContent, Layer
from ocilayers.layer.index import LayerIndex
from ocilayers.layer.stored import StoredLayer
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
    indexes: Mapping[str, LayerIndex],
) -> Filesystem:
    """What `Image.filesystem` gives."""
    paired(image)
    read: dict[Layer, LayerIndex] = {}
    stack: list[StoredLayer | LayerIndex] = []
    for layer in image.layers:
        # The same blob under the same promises is read once.
        index = indexes.get(layer.diff_id or "", read.get(layer.promises))
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
