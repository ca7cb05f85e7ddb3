"""Which kind of document it is: what it says, what was promised, what it looks like.

Source: image-spec, media-types.md, "Media Type Conflicts"; containers/image,
`internal/manifest`, `GuessMIMEType`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from ocilayers.errors import MediaTypeMismatchError
from ocilayers.spec.config import ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    DOCKER_SCHEMA1,
    DOCKER_SCHEMA1_SIGNED,
    OCI_CONFIG,
    OCI_DESCRIPTOR,
    OCI_INDEX,
    OCI_LAYOUT,
    OCI_MANIFEST,
    MediaType,
    Role,
)
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.wire._json import fold

__all__ = ["media_type_of", "promised"]

_MODELS: Final[Mapping[Role | None, type]] = {
    "manifest": ImageManifest,
    "index": ImageIndex,
    "config": ImageConfig,
    "descriptor": Descriptor,
    "layout": LayoutHeader,
    "schema1": Schema1Manifest,
}
"""What each kind of document becomes."""

# Only these name their own kind in `mediaType`; a descriptor names something else's.
_SELF_NAMED: Final[Mapping[str, tuple[MediaType, type, Role]]] = {
    OCI_MANIFEST: (OCI_MANIFEST, ImageManifest, "manifest"),
    DOCKER_MANIFEST: (DOCKER_MANIFEST, ImageManifest, "manifest"),
    OCI_INDEX: (OCI_INDEX, ImageIndex, "index"),
    DOCKER_INDEX: (DOCKER_INDEX, ImageIndex, "index"),
    DOCKER_SCHEMA1: (DOCKER_SCHEMA1, Schema1Manifest, "schema1"),
    DOCKER_SCHEMA1_SIGNED: (DOCKER_SCHEMA1_SIGNED, Schema1Manifest, "schema1"),
}
# What servers say when they do not know better.
_GENERIC: Final = frozenset(
    {"application/json", "application/octet-stream", "text/plain", ""}
)
_DOCKER_CONFIG_NAMES: Final = frozenset(
    {"container", "container_config", "docker_version"}
)


def promised(media_type: str | None) -> MediaType | None:
    """The media type that the caller was told, if it says anything.

    Raises:
        MediaTypeMismatchError: It is no document of these standards.
    """
    if media_type is None:
        return None
    name = MediaType(media_type.partition(";")[0].strip())
    if name in _GENERIC:
        return None
    if name.role not in _MODELS:
        raise MediaTypeMismatchError(
            "no document of these standards", actual=repr(str(name))
        )
    return name


def media_type_of(
    members: Mapping[str, Any], given: MediaType | None, role: Role | None
) -> tuple[MediaType, type]:
    """The media type of a document, from its members, and what it becomes.

    Args:
        members: Of the outermost object.
        given: What the caller was told.
        role: What the caller asked for.

    Raises:
        MediaTypeMismatchError: These three do not agree.
    """
    if role == "config" and given is None:
        return _config(members), ImageConfig
    said = _said(members)
    known = _SELF_NAMED.get(said) if said is not None else None
    if known is not None and given in (None, said) and role in (None, known[2]):
        return known[:2]
    found = given or _by_role(role, said) or said or _sniffed(members)
    model = _MODELS.get(found.role)
    if model is None:
        raise MediaTypeMismatchError(
            "no document of these standards",
            where="mediaType",
            actual=repr(str(found)),
        )
    if role is not None and found.role != role:
        raise MediaTypeMismatchError(
            "another kind of document", expected=role, actual=found.role
        )
    if found in _SELF_NAMED and said not in (None, found):
        raise MediaTypeMismatchError(
            "it calls itself something else",
            where="mediaType",
            expected=found,
            actual=repr(str(said)),
        )
    return found, model


def _by_role(role: Role | None, said: MediaType | None) -> MediaType | None:
    if role == "descriptor":
        return OCI_DESCRIPTOR
    if role == "layout":
        return OCI_LAYOUT
    if role == "index" and said is None:
        return OCI_INDEX
    return None


def _said(members: Mapping[str, Any]) -> MediaType | None:
    said = members.get("mediaType")
    if said is None:
        # Go reads the name in any letters; the last one counts.
        said = {fold(name): members[name] for name in members}.get("mediatype")
    return MediaType(said) if said and isinstance(said, str) else None


def _sniffed(members: Mapping[str, Any]) -> MediaType:
    if members.get("schemaVersion") == 1:
        is_signed = members.get("signatures") is not None
        return DOCKER_SCHEMA1_SIGNED if is_signed else DOCKER_SCHEMA1
    if "imageLayoutVersion" in members:
        return OCI_LAYOUT
    if "rootfs" in members and "schemaVersion" not in members:
        return _config(members)
    if "manifests" in members and not members.get("config"):
        return OCI_INDEX
    return _manifest(members)


def _config(members: Mapping[str, Any]) -> MediaType:
    is_docker = not _DOCKER_CONFIG_NAMES.isdisjoint(members)
    return DOCKER_CONFIG if is_docker else OCI_CONFIG


def _manifest(members: Mapping[str, Any]) -> MediaType:
    config: object = members.get("config")
    named = None
    if isinstance(config, dict):
        named = cast("dict[str, object]", config).get("mediaType")
    return DOCKER_MANIFEST if named == DOCKER_CONFIG else OCI_MANIFEST
