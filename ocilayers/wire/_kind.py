"""Which kind of document it is: what it says, what was promised, what it looks like.

Source: image-spec, media-types.md, "Media Type Conflicts"; containers/image,
`internal/manifest`, `GuessMIMEType`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ocilayers.errors import MediaTypeMismatchError
from ocilayers.spec.config import ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_MANIFEST,
    DOCKER_SCHEMA1,
    DOCKER_SCHEMA1_SIGNED,
    OCI_CONFIG,
    OCI_INDEX,
    OCI_LAYOUT,
    OCI_MANIFEST,
    MediaType,
    Role,
)
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.wire._json import Members

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
_SELF_NAMED: Final = frozenset({"manifest", "index", "schema1"})
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
    name = MediaType((media_type or "").partition(";")[0].strip())
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
    found = given or _by_role(members, role)
    if found is None:
        found = _said(members) or _sniffed(members)
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
    if found.role in _SELF_NAMED:
        said = _said(members)
        if said is not None and said != found:
            raise MediaTypeMismatchError(
                "it calls itself something else",
                where="mediaType",
                expected=found,
                actual=repr(str(said)),
            )
    return found, model


def _by_role(members: Mapping[str, Any], role: Role | None) -> MediaType | None:
    if role == "config":
        is_docker = not _DOCKER_CONFIG_NAMES.isdisjoint(members)
        return DOCKER_CONFIG if is_docker else OCI_CONFIG
    if role == "index" and _said(members) is None:
        return OCI_INDEX
    if role == "manifest" and _said(members) is None:
        return _manifest(members)
    return None


def _said(members: Mapping[str, Any]) -> MediaType | None:
    said = members.get("mediaType")
    if said is None:
        # Go reads the name in any letters.
        folded = (members[name] for name in members if name.lower() == "mediatype")
        said = next(folded, None)
    if not said or not isinstance(said, str):
        return None
    return MediaType(said)


def _sniffed(members: Mapping[str, Any]) -> MediaType:
    if members.get("schemaVersion") == 1:
        return DOCKER_SCHEMA1_SIGNED if "signatures" in members else DOCKER_SCHEMA1
    if "imageLayoutVersion" in members:
        return OCI_LAYOUT
    if "rootfs" in members and "schemaVersion" not in members:
        return _by_role(members, "config") or OCI_CONFIG
    if "manifests" in members and "config" not in members:
        return OCI_INDEX
    return _manifest(members)


def _manifest(members: Mapping[str, Any]) -> MediaType:
    config: object = members.get("config")
    named = config.get("mediaType") if isinstance(config, Members) else None
    return DOCKER_MANIFEST if named == DOCKER_CONFIG else OCI_MANIFEST
