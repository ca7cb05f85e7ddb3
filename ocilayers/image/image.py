"""`Image`: documents, blobs and layers joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from ocilayers._types import EMPTY_MAP, FrozenMap
from ocilayers.findings import Finding
from ocilayers.image._append import append, documents_of_nothing
from ocilayers.image._documents import (
    HistoryStep,
    config_of,
    layers_of,
    noticed,
    platform_of,
    steps_of,
)
from ocilayers.image._edit import blobs_written, converted, edited
from ocilayers.image._oddities import made_at
from ocilayers.image._rebase import rebase
from ocilayers.image._recompress import recompress_layers
from ocilayers.image._squash import Making, squash_layers, strip
from ocilayers.image._stacked import stacked
from ocilayers.image.blobs import BlobSource, WrittenBlobs, read_blob
from ocilayers.image.layer import FileContent, Layer
from ocilayers.image.rebase_report import RebaseReport, rebase_report
from ocilayers.image.sharing import is_based_on
from ocilayers.image.verify import Report, verify
from ocilayers.image.waste import WasteReport, waste
from ocilayers.layer.builder import BuiltLayer
from ocilayers.layer.index import LayerIndex
from ocilayers.limits import Limits
from ocilayers.spec.config import History, ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import Compression, Dialect
from ocilayers.spec.platform import LINUX_AMD64, Platform
from ocilayers.tar.entry import Entry
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.stack import Profile
from ocilayers.wire.document import Document

if TYPE_CHECKING:
    from ocilayers.notebook.figures import Figures

__all__ = ["HistoryStep", "Image"]


@attrs.frozen
class Image:
    """One image: what its documents say, and where its blobs come from.

    Nothing is read but what is asked for, and nothing is believed before it is
    verified: whoever reads a layer reads it to its end.

    Attributes:
        manifest: Which blobs it is made of.
        config: How it is run, and what its layers are without compression.
        blobs: Where blobs come from: a function from a descriptor to a stream, or a
            mapping from digest text to bytes.
        limits: What reading it may cost.
    """

    manifest: Document[ImageManifest]
    config: Document[ImageConfig]
    blobs: BlobSource = attrs.field(repr=False, eq=False)
    limits: Limits = attrs.field(factory=Limits, repr=False, eq=False, kw_only=True)

    @classmethod
    def from_manifest(
        cls,
        manifest: Document[ImageManifest],
        blobs: BlobSource,
        *,
        limits: Limits | None = None,
    ) -> Image:
        """The image of *manifest*; its config is read and verified.

        Raises:
            ImageError: It is no image: its config is something else.
            BlobNotFoundError: There is no config.
            DigestError: The config is not the one that the manifest names.
            DocumentError: *manifest* is an index, or the config cannot be read.
        """
        limits = limits or Limits()
        config = config_of(manifest, blobs, limits)
        return cls(manifest, config, blobs, limits=limits)

    @classmethod
    def empty(
        cls, platform: Platform | str = LINUX_AMD64, *, dialect: Dialect = "oci"
    ) -> Image:
        """An image without layers, to append the first one to.

        >>> from ocilayers.layer.builder import LayerBuilder
        >>> image = Image.empty("linux/arm64")
        >>> image = image.append(LayerBuilder().file("/motd", b"hello").build())
        >>> image.filesystem()["/motd"].read_text()
        'hello'

        Args:
            platform: What it runs on.
            dialect: Whose documents: `oci` or `docker`.

        Raises:
            InvalidFieldError: The text is no platform, or there is no such dialect.
        """
        if isinstance(platform, str):
            platform = Platform.parse(platform)
        manifest, config = documents_of_nothing(platform, dialect)
        made = FrozenMap[str, bytes](
            {manifest.digest: manifest.raw, config.digest: config.raw}
        )
        return cls(manifest, config, WrittenBlobs(made, EMPTY_MAP))

    @property
    def digest(self) -> Digest:
        """Of the manifest."""
        return self.manifest.digest

    @property
    def image_id(self) -> Digest:
        """Of the config. Source: image-spec, config.md, "ImageID"."""
        return self.config.digest

    @property
    def platform(self) -> Platform:
        """What it runs on, as its config says."""
        return platform_of(self.config.model)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """What manifest, config and history say of each layer, the base first."""
        return layers_of(self)

    @property
    def history(self) -> tuple[HistoryStep, ...]:
        """Every step of the build, with its layer where it made one."""
        return steps_of(self)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed without reading a layer."""
        return noticed(self)

    @property
    def figures(self) -> Figures:
        """Its pictures, drawn when they are asked for."""
        from ocilayers.notebook.figures import Figures  # noqa: PLC0415 - the one arrow up

        return Figures(self)

    def _repr_html_(self) -> str:
        from ocilayers.notebook.images import image_html  # noqa: PLC0415 - the one arrow up

        return image_html(self)

    def read_blob(self, descriptor: Descriptor) -> bytes:
        """A blob whole, verified. It must be no longer than a document may be.

        Raises:
            LimitExceededError: It is longer than `Limits.document_bytes`.
            BlobNotFoundError: It is not there.
            DigestError: It is not the one that *descriptor* names.
        """
        return read_blob(self.blobs, descriptor, limits=self.limits)

    def filesystem(
        self,
        *,
        content: FileContent = "lazy",
        profile: Profile = "overlay",
        strict: bool = False,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
        indexes: Mapping[str, LayerIndex] | Mapping[Digest, LayerIndex] = EMPTY_MAP,
    ) -> Filesystem:
        """The file system that the layers make, from verified layers only.

        Args:
            content: `lazy` reads a file when it is asked for, `memory` keeps all of
                them, `none` keeps nothing.
            profile: Whose answer counts where tools differ; see `merge`.
            strict: Raise the first finding of severity `error`.
            executor: Whose worker hashes while this thread decodes.
            progress: Told how many stored bytes each read gave.
            indexes: Of layers that were read before, by diff_id: they are not read
                again. They are believed, so take them from nobody else.

        Raises:
            ImageError: Manifest and config have different numbers of layers, or an
                index is of another layer than its diff_id says.
            OCILayersError: A layer does not verify, or the layers do not make a file
                system; `where` names the layer.
        """
        return stacked(
            self,
            content=content,
            profile=profile,
            strict=strict,
            executor=executor,
            progress=progress,
            indexes=indexes,
        )

    def verify(
        self,
        *,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> Report:
        """Read everything and say everything that is wrong, not the first alone.

        >>> from ocilayers.image.sample import sample_image
        >>> print(sample_image().verify().ok)
        True

        Args:
            executor: Whose worker hashes while this thread decodes.
            progress: Told how many stored bytes each read gave.

        Raises:
            SourceError: A stream of `blobs` broke its contract. Whatever else the
                source raises passes through as well.
        """
        return verify(
            self.layers,
            self.findings,
            limits=self.limits,
            made=made_at(self.config.model),
            executor=executor,
            progress=progress,
        )

    def waste(
        self,
        *,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> WasteReport:
        """What the layers store for nothing, and why; see `WasteReport`.

        Each layer is read once, and the content of its files compared by digest.

        >>> from ocilayers.image.sample import sample_image
        >>> report = sample_image().waste()
        >>> [(item.path, item.cause, item.size) for item in report.items]
        [('/usr/share/doc/README', 'deleted', 2176)]

        Args:
            executor: Whose worker hashes while this thread decodes.
            progress: Told how many stored bytes each read gave.

        Raises:
            OCILayersError: A layer does not verify, or the layers make no file system.
        """
        return waste(self, executor=executor, progress=progress)

    def is_based_on(self, base: Image) -> bool:
        """Whether its layers begin with all those of *base*, equal ones included.

        No image records what it was built FROM: layers are all there is to tell.
        """
        return is_based_on(self, base)

    def rebase_report(
        self,
        old_base: Image,
        new_base: Image,
        *,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> RebaseReport:
        """What *new_base* would change under the layers that lie on *old_base*.

        Args:
            old_base: What it lies on.
            new_base: What it may be moved to.
            executor: Whose worker hashes while this thread decodes.
            progress: Told how many stored bytes each read gave.

        Raises:
            ImageError: It does not lie on *old_base*, or they run on different
                platforms.
            OCILayersError: A layer does not verify.
        """
        return rebase_report(
            self, old_base, new_base, executor=executor, progress=progress
        )

    def append(
        self,
        layer: BuiltLayer | Iterable[Entry],
        *,
        created_by: str = "",
        comment: str = "",
        author: str = "",
        created: str = "",
    ) -> Image:
        """A new image with one more layer on top.

        Args:
            layer: What `LayerBuilder.build` gave, or a changeset, which is written
                with gzip.
            created_by: The command that made it, as `Layer.created_by` tells it.
            comment: What else there is to say.
            author: Who made it.
            created: When, as RFC 3339 writes it; nothing here reads a clock.

        Raises:
            ContentNotKeptError: A file of the layer has no content.
            ImageError: Manifest and config have different numbers of layers.
            InvalidFieldError: *created* is no time.
        """
        step = History(
            created=created, created_by=created_by, author=author, comment=comment
        )
        return append(self, layer, step)

    def edit(
        self,
        *,
        config: ImageConfig | None = None,
        annotations: Mapping[str, str] | None = None,
    ) -> Image:
        """A new image with another config or other annotations, and the same layers.

        >>> import attrs
        >>> from ocilayers.image.sample import sample_image
        >>> image = sample_image()
        >>> model = image.config.model
        >>> container = attrs.evolve(model.config, user="nobody")
        >>> image.edit(
        ...     config=attrs.evolve(model, config=container)
        ... ).config.model.config.user
        'nobody'

        Args:
            config: What its config shall say; None leaves it byte for byte.
            annotations: Of its manifest; None leaves them.

        Raises:
            DocumentError: They say something that they are not allowed to say.
            ImageError: The config has another number of diff_ids than there are
                layers.
        """
        return edited(self, config=config, annotations=annotations)

    def squash(
        self,
        start: int,
        stop: int,
        *,
        compression: Compression = "gzip",
        level: int | None = None,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> Image:
        """A new image with `layers[start:stop]` as one layer that does the same.

        All other layers stay as they are. The steps that made the run stay in the
        history, as steps without a layer; one that made the new layer follows them.

        Args:
            start: The first layer of the run.
            stop: The layer after its last.
            compression: Of the new layer.
            level: Of the compression.
            executor: Whose workers hash and deflate beside this thread.
            progress: Told how many stored bytes each read gave, then how many bytes
                of content were written.

        Raises:
            ImageError: There is no such run.
            OCILayersError: A layer does not verify, or the layers make no file system.
        """
        making = Making(compression, level, executor, progress)
        return squash_layers(self, start, stop, making)

    def flatten(
        self,
        *,
        compression: Compression = "gzip",
        level: int | None = None,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> Image:
        """A new image with one layer: `squash` of all of them.

        Args:
            compression: Of the layer.
            level: Of the compression.
            executor: Whose workers hash and deflate beside this thread.
            progress: Told how many stored bytes each read gave, then how many bytes
                of content were written.

        Raises:
            ImageError: There is no layer.
            OCILayersError: A layer does not verify, or the layers make no file system.
        """
        making = Making(compression, level, executor, progress)
        return squash_layers(self, 0, len(self.layers), making)

    def strip(
        self,
        paths: Iterable[str],
        *,
        level: int | None = None,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> Image:
        """A new image without *paths* and all that is in them, in every layer.

        Layers that have none of them stay as they are; the others are made again.

        Args:
            paths: Absolute, as in the file system; or one alone.
            level: Of the compression of what is made.
            executor: Whose workers hash and deflate beside this thread.
            progress: Told how many stored bytes each read gave, then how many bytes
                of content were written.

        Raises:
            OCILayersError: A layer does not verify, or the layers make no file system.
        """
        making = Making("gzip", level, executor, progress)
        return strip(self, paths, making)

    def recompress(
        self,
        to: Compression = "zstd",
        *,
        level: int | None = None,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> Image:
        """A new image with its layers stored in another way, and the same image ID.

        Layers that are stored in this way already stay as they are, unless a level is
        asked for; so do foreign ones, which nobody may give on, and attestations and
        whatever else is no tar archive by its media type.

        Args:
            to: How to compress them.
            level: Of the compression.
            executor: Whose workers hash and deflate beside this thread.
            progress: Told how many stored bytes each read gave.

        Raises:
            OCILayersError: A layer does not verify.
        """
        return recompress_layers(self, Making(to, level, executor, progress))

    def rebase(self, old_base: Image, new_base: Image) -> Image:
        """A new image with the layers of *new_base* instead of those of *old_base*.

        How it is run stays as the image says; the steps of its history that were the
        old base's are the new one's. Where an annotation names its base by digest, it
        names the new one. No layer is read.

        Args:
            old_base: What it lies on.
            new_base: What it shall lie on.

        Raises:
            ImageError: It does not lie on *old_base*, or they run on different
                platforms.
        """
        return rebase(self, old_base, new_base)

    def to(self, dialect: Dialect) -> Image:
        """The same image in the words of the other standard, with the same image ID.

        What Docker's documents have no place for is in `manifest.findings`.

        Args:
            dialect: Whose words: `oci` or `docker`.
        """
        return converted(self, dialect)

    def blobs_written(self) -> Iterator[tuple[Descriptor, bytes]]:
        """What was made since the image was opened, to hand to any store.

        Layers come first, then the config, then the manifest: the order in which a
        registry takes them.

        >>> from ocilayers.image.sample import sample_image
        >>> from ocilayers.layer.builder import LayerBuilder
        >>> image = sample_image()
        >>> changed = image.append(LayerBuilder().whiteout("/apple.txt").build())
        >>> [descriptor.media_type.role for descriptor, _ in changed.blobs_written()]
        ['layer', 'config', 'manifest']
        """
        return blobs_written(self)
