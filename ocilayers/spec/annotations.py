"""The annotation keys that the standards define.

Annotations are free text by whoever wrote the document: never trust them as paths,
addresses or commands. Unknown keys are never an error.
Source: image-spec, annotations.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

__all__ = [
    "AUTHORS",
    "BASE_DIGEST",
    "BASE_NAME",
    "CREATED",
    "DESCRIPTION",
    "DOCUMENTATION",
    "LABEL_SCHEMA",
    "LICENSES",
    "REFERENCE_DIGEST",
    "REFERENCE_TYPE",
    "REF_NAME",
    "REVISION",
    "SOURCE",
    "TITLE",
    "URL",
    "VENDOR",
    "VERSION",
    "is_ref_name",
    "with_label_schema",
]

CREATED: Final = "org.opencontainers.image.created"
"""When it was built, RFC 3339."""

AUTHORS: Final = "org.opencontainers.image.authors"
"""Who is responsible, free text."""

URL: Final = "org.opencontainers.image.url"
"""Where to read more."""

DOCUMENTATION: Final = "org.opencontainers.image.documentation"
"""Where the documentation is."""

SOURCE: Final = "org.opencontainers.image.source"
"""Where the source code is."""

VERSION: Final = "org.opencontainers.image.version"
"""Version of the packaged software."""

REVISION: Final = "org.opencontainers.image.revision"
"""Revision of the source code."""

VENDOR: Final = "org.opencontainers.image.vendor"
"""Who distributes it."""

LICENSES: Final = "org.opencontainers.image.licenses"
"""An SPDX license expression."""

REF_NAME: Final = "org.opencontainers.image.ref.name"
"""What it is called, on the descriptors of a layout's `index.json` only."""

TITLE: Final = "org.opencontainers.image.title"
"""What people call it; no path, whatever it looks like."""

DESCRIPTION: Final = "org.opencontainers.image.description"
"""What it is, free text."""

BASE_DIGEST: Final = "org.opencontainers.image.base.digest"
"""Digest of the image that it is based on."""

BASE_NAME: Final = "org.opencontainers.image.base.name"
"""Reference of the image that it is based on."""

REFERENCE_TYPE: Final = "vnd.docker.reference.type"
"""BuildKit: what an entry of an index is, where it is no image."""

REFERENCE_DIGEST: Final = "vnd.docker.reference.digest"
"""BuildKit: which entry of the same index it is about."""

LABEL_SCHEMA: Final[Mapping[str, str]] = {
    "org.label-schema.build-date": CREATED,
    "org.label-schema.description": DESCRIPTION,
    "org.label-schema.name": TITLE,
    "org.label-schema.url": URL,
    "org.label-schema.usage": DOCUMENTATION,
    "org.label-schema.vcs-ref": REVISION,
    "org.label-schema.vcs-url": SOURCE,
    "org.label-schema.vendor": VENDOR,
    "org.label-schema.version": VERSION,
}
"""The keys of Label Schema, and those that took their place."""

# ref       ::= component ("/" component)*
# component ::= alphanum (separator alphanum)*
# alphanum  ::= [A-Za-z0-9]+
# separator ::= [-._:@+] | "--"
_COMPONENT: Final = r"[A-Za-z0-9]+(?:(?:--|[-._:@+])[A-Za-z0-9]+)*"
_REF_NAME: Final = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")


def is_ref_name(text: str) -> bool:
    """Whether *text* is a value that `REF_NAME` should have.

    >>> is_ref_name("v1.0--rc2"), is_ref_name("a---b")
    (True, False)
    """
    return _REF_NAME.fullmatch(text) is not None


def with_label_schema(annotations: Mapping[str, str]) -> dict[str, str]:
    """*annotations*, with the keys of Label Schema under their new names too.

    >>> with_label_schema({"org.label-schema.name": "x"})[
    ...     "org.opencontainers.image.title"
    ... ]
    'x'

    A key that is there already is left alone.
    """
    renamed = {
        LABEL_SCHEMA[key]: value
        for key, value in annotations.items()
        if key in LABEL_SCHEMA
    }
    return {**renamed, **annotations}
