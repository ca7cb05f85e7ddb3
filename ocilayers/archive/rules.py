"""What can be noticed of an archive."""

from __future__ import annotations

from typing import Final

from ocilayers.errors import ImageError, MediaTypeMismatchError
from ocilayers.findings import Rule

__all__ = ["LAYOUT_HEADER_MISSING", "MEDIA_TYPE_DISAGREES", "PLATFORM_DISAGREES"]

LAYOUT_HEADER_MISSING: Final = Rule(
    "layout-header-missing",
    "error",
    "the layout has no file oci-layout, and so does not say that it is one",
    ImageError,
    "image-spec image-layout.md, oci-layout file: it MUST exist",
    'write {"imageLayoutVersion":"1.0.0"} into oci-layout',
)
MEDIA_TYPE_DISAGREES: Final = Rule(
    "descriptor-media-type",
    "error",
    "the document has another media type than the descriptor that names it",
    MediaTypeMismatchError,
    "image-spec media-types.md, Media Type Conflicts",
    "write the media type of the document into the descriptor",
)
PLATFORM_DISAGREES: Final = Rule(
    "platform-mismatch",
    "warning",
    "the index names another platform than the config; the wrong machines take it",
    source="image-spec image-index.md, platform: taken from the config",
    hint="write the platform of the config into the index",
)
