"""What can be noticed in a document: one rule each.

Severity `error` means that a strict reader refuses it and a lenient one does not.
"""

from __future__ import annotations

from typing import Final

from ocilayers.errors import (
    AmbiguousDocumentError,
    DocumentSyntaxError,
    DuplicateKeyError,
    InvalidFieldError,
)
from ocilayers.findings import Rule

__all__ = [
    "BAD_ENVIRONMENT",
    "BAD_TIME",
    "BYTE_ORDER_MARK",
    "DUPLICATE_KEY",
    "EMPTY_FOREIGN_MEMBER",
    "EMPTY_LABEL_NAME",
    "EMPTY_PLATFORM",
    "HISTORY_MISMATCH",
    "INTEGER_AS_FLOAT",
    "LIST_AS_TEXT",
    "LOST_ENTRY",
    "LOST_MEMBER",
    "LOWER_CASE_TIME",
    "MEDIA_TYPE_CASE",
    "MISSING_DIFF_IDS",
    "MISSING_LAYERS",
    "MISSING_MANIFESTS",
    "MISSING_MEDIA_TYPE",
    "MISSING_PLATFORM",
    "MISSING_REPO_TAGS",
    "MULTILINE_ENVIRONMENT",
    "NAME_CASE",
    "NULL_HISTORY",
    "NULL_MEMBER",
    "NULL_PLATFORM",
    "UNCONVERTED",
    "UNKNOWN_LAYOUT_VERSION",
    "UNTAGGED_IMAGE",
    "UNVERIFIED_DATA",
]

BYTE_ORDER_MARK: Final = Rule(
    "byte-order-mark",
    "error",
    "a byte order mark before the JSON text",
    DocumentSyntaxError,
    "RFC 8259, 8.1: implementations MUST NOT add a byte order mark",
)
DUPLICATE_KEY: Final = Rule(
    "duplicate-key",
    "error",
    "a name twice in one object; the last one counts here, elsewhere maybe not",
    DuplicateKeyError,
    "RFC 7493, 2.3: objects MUST NOT have members with duplicate names",
)
EMPTY_FOREIGN_MEMBER: Final = Rule(
    "empty-foreign-member",
    "error",
    "an empty member of another kind of document; one with content is never taken",
    AmbiguousDocumentError,
    "distribution, ocischema: validateManifest, validateIndex",
)
NAME_CASE: Final = Rule(
    "name-case",
    "error",
    "a known name in other letters; it is read as the known one, as Go does",
    InvalidFieldError,
    "RFC 8259, 8.3: names are compared code unit by code unit",
)
NULL_MEMBER: Final = Rule(
    "null-member",
    "error",
    "null where the standard does not allow it; read as absent, as Go does",
    InvalidFieldError,
    "image-spec, schema: null is no value of this member",
)
NULL_PLATFORM: Final = Rule(
    "null-platform",
    "warning",
    "null for a platform; read as absent, as Go does",
    source="image-spec, image-index.md: platform is an OPTIONAL object",
)
INTEGER_AS_FLOAT: Final = Rule(
    "integer-as-float",
    "error",
    "an integer written with a fraction or an exponent; Go refuses it",
    InvalidFieldError,
    "image-spec, descriptor.md: size is an int64",
)
MEDIA_TYPE_CASE: Final = Rule(
    "media-type-case",
    "warning",
    "a known media type in other letters; tools compare byte by byte",
    source="RFC 6838, 4.2: names are case-insensitive",
)
MISSING_MEDIA_TYPE: Final = Rule(
    "missing-media-type",
    "error",
    "a Docker document that does not name its media type",
    InvalidFieldError,
    "distribution, manifest-v2-2.md: mediaType",
)
MISSING_LAYERS: Final = Rule(
    "missing-layers",
    "error",
    "a manifest without layers",
    InvalidFieldError,
    "image-spec, manifest.md: layers SHOULD have at least one entry",
)
MISSING_MANIFESTS: Final = Rule(
    "missing-manifests",
    "error",
    "null for the list of manifests; read as an empty list",
    InvalidFieldError,
    "image-spec, image-index.md: manifests is a REQUIRED array",
)
MISSING_PLATFORM: Final = Rule(
    "missing-platform",
    "error",
    "an entry of a manifest list, or a config, that does not name what it runs on",
    InvalidFieldError,
    "image-spec, config.md: architecture and os are REQUIRED; "
    "distribution, manifest-v2-2.md: platform",
)
EMPTY_PLATFORM: Final = Rule(
    "empty-platform",
    "warning",
    "an empty name for an operating system or an architecture",
)
MISSING_DIFF_IDS: Final = Rule(
    "missing-diff-ids",
    "error",
    "a root file system without its list of layers; read as an empty list",
    InvalidFieldError,
    "image-spec, config.md: rootfs.diff_ids is REQUIRED",
)
HISTORY_MISMATCH: Final = Rule(
    "history-mismatch",
    "warning",
    "the history has more or fewer steps with a layer than the image has layers",
    source="image-spec, config.md: history describes the history of each layer",
    hint="the steps are matched from the base up, as far as that goes",
)
NULL_HISTORY: Final = Rule(
    "null-history",
    "error",
    "null for a step of the history; read as a step that says nothing",
    InvalidFieldError,
    "image-spec, config.md: history is an array of objects",
)
BAD_ENVIRONMENT: Final = Rule(
    "bad-environment",
    "error",
    "an environment variable that is not NAME=VALUE",
    InvalidFieldError,
    "image-spec, config.md: entries are in the format of VARNAME=VARVALUE",
)
MULTILINE_ENVIRONMENT: Final = Rule(
    "multiline-environment",
    "warning",
    "an environment variable of several lines; the validator of image-spec refuses it",
)
LIST_AS_TEXT: Final = Rule(
    "list-as-text",
    "error",
    "one text for a list of texts; read as a list of one, as the engine does",
    InvalidFieldError,
    "image-spec, config.md: Entrypoint and Cmd are arrays of strings",
)
EMPTY_LABEL_NAME: Final = Rule(
    "empty-label-name",
    "warning",
    "a label without a name",
)
BAD_TIME: Final = Rule(
    "bad-time",
    "error",
    "a time that does not follow RFC 3339; kept as text",
    InvalidFieldError,
    "image-spec, config.md: formatted as defined by RFC 3339, section 5.6",
)
LOWER_CASE_TIME: Final = Rule(
    "lower-case-time",
    "warning",
    "a time with a lower-case T or Z, which not every reader takes",
    source="RFC 3339, 5.6: T and Z may alternatively be lower case",
)
UNKNOWN_LAYOUT_VERSION: Final = Rule(
    "unknown-layout-version",
    "error",
    "a layout of a version that is not 1.0.0",
    InvalidFieldError,
    "image-spec, image-layout.md: imageLayoutVersion",
)
MISSING_REPO_TAGS: Final = Rule(
    "missing-repo-tags",
    "warning",
    "an image of the archive without a list of its names",
)
UNTAGGED_IMAGE: Final = Rule(
    "untagged-image",
    "error",
    "a name of an image without a tag",
    InvalidFieldError,
    "docker-image-spec, spec.md: RepoTags",
)
UNVERIFIED_DATA: Final = Rule(
    "unverified-data",
    "warning",
    "embedded content that cannot be checked here, and so is not given out",
    source="image-spec, descriptor.md: data MUST be verified against digest and size",
)
LOST_MEMBER: Final = Rule(
    "lost-member",
    "warning",
    "a member that Docker's format has no place for",
    source="image-spec, media-types.md: Compatibility Matrix",
)
LOST_ENTRY: Final = Rule(
    "lost-entry",
    "warning",
    "an entry that does not say what it runs on has no form in a manifest list",
    source="distribution, manifest-v2-2.md: platform",
)
UNCONVERTED: Final = Rule(
    "unconverted",
    "warning",
    "a descriptor that is kept as it is, for want of a name or a converted document",
    hint="convert the documents of an index first, and pass them as its children",
)
