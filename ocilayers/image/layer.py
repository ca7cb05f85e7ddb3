"""`Layer`: what manifest, config and history say of one layer, side by side."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Literal, TypeAlias

import attrs

from ocilayers.image.blobs import BlobSource, open_blob, opened
from ocilayers.image.places import place
from ocilayers.layer.index import LayerIndex, index_layer, read_layer
from ocilayers.layer.stored import StoredLayer
from ocilayers.layer.toc import TableOfContents, read_toc
from ocilayers.limits import Limits
from ocilayers.spec.config import History
from ocilayers.spec.created_by import read_created_by
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest

__all__ = ["FileContent", "Layer"]

FileContent: TypeAlias = Literal["lazy", "memory", "none"]
"""How the content of files is had: when asked for, at once, or not at all."""


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
    def promises(self) -> Layer:
        """What reading it depends on: equal where the same blob is named twice."""
        return attrs.evolve(self, index=0, chain_id=None, history=None)

    @property
    def where(self) -> str:
        """How errors and findings name it."""
        return f"layers[{self.index}] {self.descriptor.digest}"

    def read(
        self,
        *,
        content: FileContent = "lazy",
        strict: bool = False,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> LayerIndex:
        """Read it to its verified end.

        Args:
            content: `lazy` keeps the way back to the content of files, which
                `lazily` needs; `memory` keeps the content itself, `none` nothing.
            strict: Raise the first finding of severity `error`.
            executor: Whose worker hashes while this thread decodes.
            progress: Told how many stored bytes each read gave.

        Raises:
            OCILayersError: It does not verify; `where` begins with the layer's.
        """
        read = (
            index_layer if content == "lazy" else partial(read_layer, content=content)
        )
        with place(self.where), opened(self.blobs, self.descriptor) as stream:
            return read(
                stream,
                self.descriptor,
                diff_id=self.diff_id,
                limits=self.limits,
                strict=strict,
                executor=executor,
                progress=progress,
            )

    def table_of_contents(self) -> TableOfContents | None:
        """What an eStargz or zstd:chunked layer says of itself; None for all others.

        It is no part of what makes a file system here; `verify` holds it against the
        tar.

        Raises:
            OCILayersError: It is not there or another one than the annotations of the
                descriptor promise; `where` begins with the layer's.
        """
        with place(self.where):
            return read_toc(
                lambda: open_blob(self.blobs, self.descriptor),
                self.descriptor,
                limits=self.limits,
            )

    def _repr_html_(self) -> str:
        from ocilayers.notebook.images import layer_html  # noqa: PLC0415 - the one arrow up

        return layer_html(self)

    def lazily(self, index: LayerIndex) -> StoredLayer:
        """*index* of this layer, with content that is fetched when it is asked for."""
        return StoredLayer(
            index,
            partial(open_blob, self.blobs, self.descriptor),
            digest=self.descriptor.digest,
            limits=self.limits,
        )
