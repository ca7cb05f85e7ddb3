"""Everything that decoding a layer can notice.

`error`: readers disagree about it, so a strict reader refuses it. `note`: worth
knowing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocilayers.errors import CodecError, CorruptStreamError, TrailingDataError
from ocilayers.findings import Rule

__all__ = [
    "COMPRESSION_MISMATCH",
    "GZIP_PADDING",
    "GZIP_RESERVED_FLAGS",
    "OTHER_DEFLATE",
    "RULES",
]

COMPRESSION_MISMATCH: Final = Rule(
    "compression-mismatch",
    "error",
    "The layer is compressed in another way than its media type says",
    error=CodecError,
    source="image-spec, media-types.md",
    hint="Give the layer the media type of what it is; its digest stays.",
)

GZIP_PADDING: Final = Rule(
    "gzip-padding",
    "error",
    "Zeros follow the last gzip member; gzip and Python skip them, Go refuses them",
    error=TrailingDataError,
    hint="Compress the layer anew; its diff_id stays, its digest changes.",
)

GZIP_RESERVED_FLAGS: Final = Rule(
    "gzip-reserved-flags",
    "error",
    "A gzip header sets flags that mean nothing; Go and Python read on, gzip refuses",
    error=CorruptStreamError,
    source='RFC 1952, section 2.3.1.2: "must give an error indication if any reserved'
    ' bit is non-zero"',
    hint="Compress the layer anew; its diff_id stays, its digest changes.",
)

OTHER_DEFLATE: Final = Rule(
    "other-deflate",
    "note",
    "The layer was deflated by another library than zlib, so zlib makes other bytes",
)

RULES: Final[Mapping[str, Rule]] = {
    rule.code: rule
    for rule in (
        COMPRESSION_MISMATCH,
        GZIP_PADDING,
        GZIP_RESERVED_FLAGS,
        OTHER_DEFLATE,
    )
}
"""All of them, by their codes."""
