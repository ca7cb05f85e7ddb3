"""JSON bytes to documents.

Every function here takes the same options: *strict* refuses what a lenient reader
only notices; *limits* is what the document may cost (`document_bytes`, `json_depth`,
`layers`, `findings`). Every function raises `DocumentError`, whose `problems` are all
that is wrong, and `LimitExceededError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from ocilayers._types import Buffer, as_bytes
from ocilayers.limits import Limits
from ocilayers.spec.config import ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.saved import SavedImage
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.wire._read import Expected, read_bytes
from ocilayers.wire._report import Report
from ocilayers.wire.document import Document

__all__ = [
    "AnyModel",
    "parse",
    "parse_config",
    "parse_index",
    "parse_layout",
    "parse_manifest",
    "parse_repositories",
    "parse_saved_manifest",
]

AnyModel: TypeAlias = (
    ImageManifest
    | ImageIndex
    | ImageConfig
    | Descriptor
    | LayoutHeader
    | Schema1Manifest
)
"""What a document with a media type of its own says."""

#: Where the caller has none.
_LIMITS: Final = Limits()


def parse(
    raw: Buffer,
    media_type: str | None = None,
    *,
    strict: bool = False,
    limits: Limits | None = None,
) -> Document[AnyModel]:
    r"""Read a document of any kind.

    >>> doc = parse(b'{"imageLayoutVersion": "1.0.0"}')
    >>> doc.model
    LayoutHeader()

    Args:
        raw: All of it.
        media_type: What it is, as the caller was told: by a descriptor or by a
            server. Without it, what the document says itself, or looks like.
        strict: Refuse what a lenient reader only notices.
        limits: What it may cost.

    Raises:
        DocumentError: It is no document of these standards.
        LimitExceededError: It costs too much.
    """
    return _parse(raw, media_type, None, strict=strict, limits=limits)


def parse_manifest(
    raw: Buffer,
    media_type: str | None = None,
    *,
    strict: bool = False,
    limits: Limits | None = None,
) -> Document[ImageManifest]:
    """Read an image manifest, Docker's or OCI's.

    >>> from ocilayers.image.sample import sample_image
    >>> raw = sample_image().manifest.raw
    >>> document = parse_manifest(raw)
    >>> document.raw == raw, len(document.model.layers)
    (True, 4)
    """
    return _parse(raw, media_type, "manifest", strict=strict, limits=limits)


def parse_index(
    raw: Buffer,
    media_type: str | None = None,
    *,
    strict: bool = False,
    limits: Limits | None = None,
) -> Document[ImageIndex]:
    """Read an OCI image index or a Docker manifest list.

    >>> parse_index(b'{"schemaVersion": 2, "manifests": []}').model.manifests
    ()
    """
    return _parse(raw, media_type, "index", strict=strict, limits=limits)


def parse_config(
    raw: Buffer,
    media_type: str | None = None,
    *,
    strict: bool = False,
    limits: Limits | None = None,
) -> Document[ImageConfig]:
    """Read an image config, Docker's or OCI's.

    >>> from ocilayers.image.sample import sample_image
    >>> parse_config(sample_image().config.raw).model.architecture
    'amd64'
    """
    return _parse(raw, media_type, "config", strict=strict, limits=limits)


def parse_layout(
    raw: Buffer, *, strict: bool = False, limits: Limits | None = None
) -> Document[LayoutHeader]:
    """Read the file `oci-layout`."""
    return _parse(raw, None, "layout", strict=strict, limits=limits)


def parse_saved_manifest(
    raw: Buffer, *, strict: bool = False, limits: Limits | None = None
) -> Document[tuple[SavedImage, ...]]:
    """Read `manifest.json` of a `docker save` archive.

    >>> raw = b'[{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["l.tar"]}]'
    >>> parse_saved_manifest(raw).model[0].repo_tags
    ('a:1',)
    """
    return _parse(raw, None, "saved", strict=strict, limits=limits)


def parse_repositories(
    raw: Buffer, *, strict: bool = False, limits: Limits | None = None
) -> Document[Mapping[str, Mapping[str, str]]]:
    """Read `repositories` of a `docker save` archive: names, tags, layer IDs."""
    return _parse(raw, None, "repositories", strict=strict, limits=limits)


def _parse(
    raw: Buffer,
    media_type: str | None,
    expected: Expected | None,
    *,
    strict: bool,
    limits: Limits | None,
) -> Document[Any]:
    data = as_bytes(raw)
    report = Report(strict=strict, limits=limits or _LIMITS)
    kind, model, findings = read_bytes(data, media_type, expected, report)
    return Document(data, kind, model, findings)
