"""`Image`: documents, blobs and layers joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import cached_property

import attrs

from ocilayers._types import EMPTY_MAP
from ocilayers.errors import ImageError
from ocilayers.findings import Finding, FindingLog
from ocilayers.image.blobs import BlobSource, read_blob
from ocilayers.image.layer import FileContent, Layer
from ocilayers.image.places import place
from ocilayers.image.rules import CONFIG_MISMATCH, LAYERS_MISMATCH
from ocilayers.image.verify import Report, verify
from ocilayers.layer.index import LayerIndex
from ocilayers.layer.stored import StoredLayer
from ocilayers.limits import Limits
from ocilayers.spec.chain_id import chain_ids
from ocilayers.spec.config import History, ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.history import align
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.tree.stack import Profile
from ocilayers.wire.document import Document
from ocilayers.wire.parse import parse_config

__all__ = ["HistoryStep", "Image"]


@attrs.frozen
class HistoryStep:
    """One step of the history, and the layer that it made.

    Attributes:
        history: What the config says of the step.
        layer: The layer; None for a step that made none.
    """

    history: History
    layer: Layer | None


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
            DocumentError: The config cannot be read.
        """
        limits = limits or Limits()
        named = manifest.model.config
        # Old builders and `docker save` say only that it is bytes.
        if not named.media_type.is_config and named.media_type != _BYTES:
            raise ImageError(
                "no image of a file system",
                where="config.mediaType",
                expected="an image config",
                actual=named.media_type,
            )
        limits.check("layers", len(manifest.model.layers), where="layers")
        with place("config"):
            raw = read_blob(blobs, named, limits=limits)
            kind = named.media_type if named.media_type.is_config else None
            config = parse_config(raw, kind, limits=limits)
        return cls(manifest, config, blobs, limits=limits)

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
        config = self.config.model
        return Platform(
            os=config.os,
            architecture=config.architecture,
            variant=config.variant,
            os_version=config.os_version,
            os_features=config.os_features,
        )

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """What manifest, config and history say of each layer, the base first."""
        described = self.manifest.model.layers
        diff_ids = self.config.model.rootfs.diff_ids
        history = self.config.model.history
        chain = chain_ids(diff_ids)
        steps = align(history, len(described)).steps
        made_by = [None if step is None else history[step] for step in steps]
        return tuple(
            Layer(
                index=n,
                descriptor=descriptor,
                diff_id=diff_ids[n] if n < len(diff_ids) else None,
                chain_id=chain[n] if n < len(chain) else None,
                history=made_by[n],
                blobs=self.blobs,
                limits=self.limits,
            )
            for n, descriptor in enumerate(described)
        )

    @property
    def history(self) -> tuple[HistoryStep, ...]:
        """Every step of the build, with its layer where it made one."""
        steps = self.config.model.history
        made = align(steps, len(self.layers)).layers
        return tuple(
            HistoryStep(step, None if n is None else self.layers[n])
            for step, n in zip(steps, made, strict=True)
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed without reading a layer."""
        log = FindingLog(limits=self.limits)
        log.extend(self.manifest.findings)
        log.extend(self.config.findings)
        manifest, config = self.manifest.model, self.config.model
        if manifest.config.digest != self.config.digest:
            message = f"{manifest.config.digest} promised, {self.config.digest} found"
            log.add(CONFIG_MISMATCH, "config.digest", message)
        if len(manifest.layers) != len(config.rootfs.diff_ids):
            message = (
                f"{len(manifest.layers)} layers,"
                f" but {len(config.rootfs.diff_ids)} diff_ids"
            )
            log.add(LAYERS_MISMATCH, "rootfs.diff_ids", message)
        log.extend(align(config.history, len(manifest.layers)).findings)
        return log.findings

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
        indexes: Mapping[str, LayerIndex] = EMPTY_MAP,
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
                again.

        Raises:
            ImageError: Manifest and config have different numbers of layers.
            OCILayersError: A layer does not verify, or the layers do not make a file
                system; `where` names the layer.
        """
        if len(self.layers) != len(self.config.model.rootfs.diff_ids):
            raise ImageError(
                LAYERS_MISMATCH.summary,
                where="rootfs.diff_ids",
                expected=len(self.layers),
                actual=len(self.config.model.rootfs.diff_ids),
            )
        read: dict[Layer, LayerIndex] = {}
        stack: list[StoredLayer | LayerIndex] = []
        for layer in self.layers:
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
            limits=self.limits,
            created_by=[layer.created_by for layer in self.layers],
        )

    def verify(
        self,
        *,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> Report:
        """Read everything and say everything that is wrong, not the first alone.

        Args:
            executor: Whose worker hashes while this thread decodes.
            progress: Told how many stored bytes each read gave.
        """
        return verify(
            self.layers,
            self.findings,
            limits=self.limits,
            executor=executor,
            progress=progress,
        )


_BYTES = MediaType("application/octet-stream")
