"""`Layer`: what manifest, config and history say of one layer, side by side."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor

import attrs

from ocilayers.image.blobs import BlobSource, open_blob, opened
from ocilayers.image.places import place
from ocilayers.layer.index import Content, LayerIndex, index_layer, read_layer
from ocilayers.layer.stored import StoredLayer
from ocilayers.limits import Limits
from ocilayers.spec.config import History
from ocilayers.spec.created_by import read_created_by
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest

__all__ = ["Layer"]


@attrs.frozen
class Layer:
    """One layer of an image. Its content is read when it is asked for.

    Attributes:
        index: Its place, counted from the base.
        descriptor: What the manifest says of the stored bytes.
        diff_id: What the config says of the plain tar; None where it says nothing.
        chain_id: Of this layer and all below it; None where a diff_id is missing.
        history: The step that made it; None where no step fits.
        blobs: Where its stored bytes come from.
        limits: What reading it may cost.
    """

    index: int
    descriptor: Descriptor
    diff_id: Digest | None
    chain_id: Digest | None
    history: History | None
    blobs: BlobSource = attrs.field(repr=False, eq=False)
    limits: Limits | None = attrs.field(repr=False, eq=False, default=None)

    @property
    def created_by(self) -> str:
        """The command that made it, as a line of a Dockerfile; empty where unknown."""
        return str(read_created_by(self.history.created_by)) if self.history else ""

    @property
    def where(self) -> str:
        """How errors and findings name it."""
        return f"layers[{self.index}] {self.descriptor.digest}"

    def scan(
        self,
        *,
        strict: bool = False,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> LayerIndex:
        """Read it to its verified end, and keep the way back to its content.

        Raises:
            OCILayersError: It does not verify; `where` begins with the layer's.
        """
        with place(self.where), opened(self.blobs, self.descriptor) as stream:
            return index_layer(
                stream,
                self.descriptor,
                diff_id=self.diff_id,
                limits=self.limits,
                strict=strict,
                executor=executor,
                progress=progress,
            )

    def read(
        self,
        *,
        content: Content = "memory",
        strict: bool = False,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> LayerIndex:
        """Read it to its verified end, with the content of its files.

        Raises:
            OCILayersError: It does not verify; `where` begins with the layer's.
        """
        with place(self.where), opened(self.blobs, self.descriptor) as stream:
            return read_layer(
                stream,
                self.descriptor,
                diff_id=self.diff_id,
                content=content,
                limits=self.limits,
                strict=strict,
                executor=executor,
                progress=progress,
            )

    def lazily(self, index: LayerIndex) -> StoredLayer:
        """*index* of this layer, with content that is fetched when it is asked for."""
        return StoredLayer(
            index,
            lambda: open_blob(self.blobs, self.descriptor),
            limits=self.limits,
        )
