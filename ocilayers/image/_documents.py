"""What manifest, config and history of an image say together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from ocilayers.errors import ImageError, MediaTypeMismatchError
from ocilayers.findings import Finding, FindingLog
from ocilayers.image.blobs import BlobSource, read_blob
from ocilayers.image.layer import Layer
from ocilayers.image.places import place
from ocilayers.image.rules import CONFIG_MISMATCH, LAYERS_MISMATCH
from ocilayers.limits import Limits
from ocilayers.spec.chain_id import chain_ids
from ocilayers.spec.config import History, ImageConfig
from ocilayers.spec.digest import Digest
from ocilayers.spec.history import align
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform
from ocilayers.wire.document import Document
from ocilayers.wire.parse import parse_config

if TYPE_CHECKING:
    from ocilayers.image.image import Image

__all__ = [
    "HistoryStep",
    "config_of",
    "layers_of",
    "noticed",
    "platform_of",
    "steps_of",
]

_BYTES: Final = MediaType("application/octet-stream")


@attrs.frozen
class HistoryStep:
    """One step of the history, and the layer that it made.

    Attributes:
        history: What the config says of the step.
        layer: The layer; None for a step that made none.
    """

    history: History
    layer: Layer | None


def config_of(
    manifest: Document[ImageManifest], blobs: BlobSource, limits: Limits
) -> Document[ImageConfig]:
    """The config that *manifest* names, read and verified.

    Raises:
        ImageError: It is something else.
        BlobNotFoundError: It is not there.
        DigestError: It is not the one that the manifest names.
        DocumentError: It cannot be read.
        MediaTypeMismatchError: *manifest* is an index, or what else is no manifest.
    """
    if manifest.media_type.role != "manifest":
        raise MediaTypeMismatchError(
            "another kind of document",
            expected="manifest (an index has select(), to choose one)",
            actual=manifest.media_type.role,
        )
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
        return parse_config(raw, kind, limits=limits)


def platform_of(config: ImageConfig) -> Platform:
    """What an image runs on, as its config says."""
    return Platform(
        os=config.os,
        architecture=config.architecture,
        variant=config.variant,
        os_version=config.os_version,
        os_features=config.os_features,
    )


def layers_of(image: Image) -> tuple[Layer, ...]:
    """What manifest, config and history say of each layer, the base first."""
    described = image.manifest.model.layers
    diff_ids = image.config.model.rootfs.diff_ids
    history = image.config.model.history
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
            blobs=image.blobs,
            limits=image.limits,
        )
        for n, descriptor in enumerate(described)
    )


def steps_of(image: Image) -> tuple[HistoryStep, ...]:
    """Every step of the build, with its layer where it made one."""
    steps = image.config.model.history
    made = align(steps, len(image.layers)).layers
    return tuple(
        HistoryStep(step, None if n is None else image.layers[n])
        for step, n in zip(steps, made, strict=True)
    )


def noticed(image: Image) -> tuple[Finding, ...]:
    """What can be noticed without reading a layer."""
    log = FindingLog(limits=image.limits)
    log.extend(image.manifest.findings)
    log.extend(image.config.findings)
    manifest, config = image.manifest.model, image.config.model
    promised, found = manifest.config.digest, image.config.digest
    if promised.verifiable and promised.algorithm != found.algorithm:
        found = Digest.of(image.config.raw, promised.algorithm)
    if promised != found:
        message = f"{promised} promised, {found} found"
        log.add(CONFIG_MISMATCH, "config.digest", message)
    if len(manifest.layers) != len(config.rootfs.diff_ids):
        message = (
            f"{len(manifest.layers)} layers, but {len(config.rootfs.diff_ids)} diff_ids"
        )
        log.add(LAYERS_MISMATCH, "rootfs.diff_ids", message)
    log.extend(align(config.history, len(manifest.layers)).findings)
    return log.findings
