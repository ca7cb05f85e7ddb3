"""Whole images, whose documents and blobs agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, get_args

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ocilayers.image.image import Image
from ocilayers.layer.builder import BuiltLayer, LayerBuilder
from ocilayers.spec.config import History, ImageConfig, RootFS
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import Compression, Dialect
from ocilayers.strategies.layers import layer_stacks
from ocilayers.tar.entry import Entry
from ocilayers.wire.render import render

__all__ = ["images"]

_DIALECTS: Final[SearchStrategy[Dialect]] = st.sampled_from(("oci", "docker"))
_COMPRESSIONS: Final[SearchStrategy[Sequence[Compression]]] = st.permutations(
    get_args(Compression)
)


def images(*, hostile: bool = False) -> SearchStrategy[Image]:
    """Images of at least one layer with all their blobs, OCI's and Docker's.

    Args:
        hostile: As for `layers`.
    """
    stacks = layer_stacks(hostile=hostile).filter(bool)
    # Built by Hypothesis, so that it reports the layers and not every blob.
    return st.builds(image_of, stacks, compressions=_COMPRESSIONS, dialect=_DIALECTS)


def image_of(
    stack: Iterable[Iterable[Entry]],
    *,
    compressions: Sequence[Compression],
    dialect: Dialect,
) -> Image:
    """An image of *stack*; each layer is compressed in the next way in turn."""
    built = [
        _layer(entries, compressions[place % len(compressions)])
        for place, entries in enumerate(stack)
    ]
    config = render(
        ImageConfig(
            os="linux",
            architecture="amd64",
            rootfs=RootFS(diff_ids=[layer.diff_id for layer in built]),
            history=[
                History(created_by=f"step {place}") for place in range(len(built))
            ],
        )
    )
    manifest = render(
        ImageManifest(
            config=config.descriptor(), layers=[layer.descriptor for layer in built]
        )
    )
    blobs = {layer.facts.digest: layer.blob for layer in built}
    image = Image(manifest, config, blobs | {config.digest: config.raw})
    return image.to(dialect)


def _layer(entries: Iterable[Entry], compression: Compression) -> BuiltLayer:
    builder = LayerBuilder()
    for entry in entries:
        builder.add(entry)
    return builder.build(compression)
