"""Whole images, whose documents and blobs agree."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ocilayers.image.image import Image
from ocilayers.layer.builder import BuiltLayer, LayerBuilder
from ocilayers.spec.config import History, ImageConfig, RootFS
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import Compression
from ocilayers.strategies.layers import layer_stacks
from ocilayers.tar.entry import Entry
from ocilayers.wire.render import render

__all__ = ["images"]


def images(*, hostile: bool = False) -> SearchStrategy[Image]:
    """Images of at least one layer with all their blobs, OCI's and Docker's.

    Args:
        hostile: As for `layers`.
    """
    return _images(layer_stacks(hostile=hostile).filter(bool))


@st.composite
def _images(
    draw: DrawFn, stacks: SearchStrategy[tuple[tuple[Entry, ...], ...]]
) -> Image:
    names: tuple[Compression, ...] = ("gzip", "none", "zstd")
    built: list[BuiltLayer] = []
    for stack in draw(stacks):
        builder = LayerBuilder()
        for entry in stack:
            builder.add(entry)
        built.append(builder.build(draw(st.sampled_from(names))))
    steps = [History(created_by=f"step {number}") for number in range(len(built))]
    config = render(
        ImageConfig(
            os="linux",
            architecture="amd64",
            rootfs=RootFS(diff_ids=[layer.diff_id for layer in built]),
            history=steps,
        )
    )
    manifest = render(
        ImageManifest(
            config=config.descriptor(), layers=[layer.descriptor for layer in built]
        )
    )
    blobs = {layer.facts.digest: layer.blob for layer in built}
    image = Image(manifest, config, blobs | {config.digest: config.raw})
    return image.to("docker") if draw(st.booleans()) else image
