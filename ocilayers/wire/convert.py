"""Documents in the words of the other standard, with a list of all that is lost.

Source: image-spec, media-types.md, "Compatibility Matrix".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar, cast

import attrs

from ocilayers._types import EMPTY_MAP
from ocilayers.errors import MediaTypeMismatchError
from ocilayers.findings import Finding, FindingLog
from ocilayers.spec.config import ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import (
    OCI_INDEX,
    OCI_MANIFEST,
    Dialect,
)
from ocilayers.spec.rules import LOST_ENTRY, LOST_MEMBER, UNCONVERTED
from ocilayers.wire._members import NOTHING, SHAPES
from ocilayers.wire.document import Document

__all__ = ["Conversion", "convert"]

M = TypeVar("M", bound=ImageManifest | ImageIndex | ImageConfig)

# What Docker's format has a place for. The members that nobody knows stay anyway.
_DOCKER_DOCUMENT: Final = frozenset(
    {"schema_version", "media_type", "config", "layers", "manifests"}
)
_DOCKER_CONFIG: Final = frozenset({"media_type", "digest", "size"})
_DOCKER_LAYER: Final = _DOCKER_CONFIG | {"urls"}
_DOCKER_ENTRY: Final = _DOCKER_CONFIG | {"platform"}


@attrs.frozen
class Conversion(Generic[M]):
    """A document in the words of the other standard.

    Attributes:
        document: It.
        losses: What it does not say any more, or not as it should.
    """

    document: Document[M]
    losses: tuple[Finding, ...] = ()


def convert(
    document: Document[M],
    to: Dialect = "oci",
    *,
    children: Mapping[Digest, Descriptor] = EMPTY_MAP,
) -> Conversion[M]:
    """Say the same in the words of the other standard.

    From Docker to OCI nothing is lost; the other way, annotations and much more are.
    The body of a config stays byte for byte what it is, and so does the image ID.

    >>> from ocilayers.image.sample import sample_image
    >>> conversion = convert(sample_image().manifest, to="oci")
    >>> conversion.document.media_type
    MediaType('application/vnd.oci.image.manifest.v1+json')
    >>> conversion.losses
    ()

    Args:
        document: A manifest, an index or a config.
        to: Whose words: `oci` or `docker`.
        children: For an index: where the converted documents are, by the digests of
            those that it lists now. Entries without one stay as they are.

    Raises:
        MediaTypeMismatchError: It is a document of another kind.
        InvalidFieldError: There is no such standard.
    """
    if document.media_type.dialect == to and not children:
        return Conversion(document)
    log = FindingLog()
    model = cast("object", document.model)
    if isinstance(model, ImageConfig):
        name = document.media_type.converted(to)
        return Conversion(attrs.evolve(document, media_type=name))
    if isinstance(model, ImageManifest):
        changed: object = _manifest(model, to, log)
    elif isinstance(model, ImageIndex):
        changed = _index(model, to, children, log)
    else:
        raise MediaTypeMismatchError(
            "a document that has no form in the other standard",
            expected="a manifest, an index or a config",
            actual=document.media_type,
        )
    return Conversion(document.edit(cast("M", changed)), log.findings)


def _manifest(manifest: ImageManifest, to: Dialect, log: FindingLog) -> ImageManifest:
    config, layers = manifest.config, manifest.layers
    if to == "docker":
        manifest = _reduced(manifest, _DOCKER_DOCUMENT, "", log)
        config = _reduced(config, _DOCKER_CONFIG, "config", log)
        layers = tuple(
            _reduced(layer, _DOCKER_LAYER, f"layers[{place}]", log)
            for place, layer in enumerate(layers)
        )
    return attrs.evolve(
        manifest,
        media_type=OCI_MANIFEST.converted(to),
        config=_renamed(config, to, "config", log),
        layers=[
            _renamed(layer, to, f"layers[{place}]", log)
            for place, layer in enumerate(layers)
        ],
    )


def _index(
    index: ImageIndex,
    to: Dialect,
    children: Mapping[Digest, Descriptor],
    log: FindingLog,
) -> ImageIndex:
    entries: list[Descriptor] = []
    for place, entry in enumerate(index.manifests):
        where = f"manifests[{place}]"
        if to == "docker" and entry.platform is None:
            log.add(LOST_ENTRY, where)
        else:
            entries.append(_entry(entry, to, children, where, log))
    if to == "docker":
        index = _reduced(index, _DOCKER_DOCUMENT, "", log)
    return attrs.evolve(index, media_type=OCI_INDEX.converted(to), manifests=entries)


def _entry(
    entry: Descriptor,
    to: Dialect,
    children: Mapping[Digest, Descriptor],
    where: str,
    log: FindingLog,
) -> Descriptor:
    if to == "docker":
        entry = _reduced(entry, _DOCKER_ENTRY, where, log)
    child = children.get(entry.digest)
    if child is not None:
        # What is embedded is the former document.
        entry = attrs.evolve(
            entry,
            media_type=child.media_type,
            digest=child.digest,
            size=child.size,
            data=None,
        )
    if entry.media_type.dialect != to:
        log.add(UNCONVERTED, where)
    return entry


def _renamed(
    descriptor: Descriptor, to: Dialect, where: str, log: FindingLog
) -> Descriptor:
    """The descriptor under the other standard's name for what it describes."""
    name = descriptor.media_type.converted(to)
    if name.dialect != to and name.dialect is not None:
        log.add(UNCONVERTED, f"{where}.mediaType")
    return attrs.evolve(descriptor, media_type=name)


R = TypeVar("R", ImageManifest, ImageIndex, Descriptor)


def _reduced(model: R, kept: frozenset[str], where: str, log: FindingLog) -> R:
    """The model without the members that have no place, each of them noted."""
    lost: dict[str, Any] = {}
    for member in SHAPES[type(model)].members:
        name, nothing = member.attribute, NOTHING.get(member.kind)
        if name not in kept and getattr(model, name) != nothing:
            lost[name] = nothing
            log.add(LOST_MEMBER, f"{where}.{member.name}" if where else member.name)
    return attrs.evolve(model, **lost)
