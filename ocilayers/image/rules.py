"""What can be noticed of an image as a whole."""

from __future__ import annotations

from typing import Final

from ocilayers.errors import (
    BlobNotFoundError,
    CodecError,
    DigestMismatchError,
    ImageError,
    LimitExceededError,
    MergeError,
    SizeMismatchError,
    TarError,
    UnsupportedAlgorithmError,
)
from ocilayers.findings import Rule

__all__ = [
    "BLOB_MISSING",
    "CONFIG_MISMATCH",
    "DIGEST_MISMATCH",
    "DIGEST_UNVERIFIABLE",
    "LAYERS_MISMATCH",
    "LAYER_BROKEN",
    "LIMIT_REACHED",
    "NOT_A_LAYER",
    "SIZE_MISMATCH",
    "TAR_BROKEN",
    "TREE_IMPOSSIBLE",
]

LAYERS_MISMATCH: Final = Rule(
    "layers-mismatch",
    "error",
    "the config has another number of diff_ids than the manifest has layers",
    ImageError,
    "image-spec config.md, rootfs; moby refuses to load or pull such an image",
    "write the config anew, with one diff_id a layer",
)
CONFIG_MISMATCH: Final = Rule(
    "config-mismatch",
    "error",
    "the config is not the one that the manifest names",
    DigestMismatchError,
    "image-spec descriptor.md, Verification",
    "fetch the config by the digest that the manifest names",
)
NOT_A_LAYER: Final = Rule(
    "not-a-layer",
    "error",
    "the media type is of no layer of a file system",
    ImageError,
    "image-spec manifest.md, layers",
)
BLOB_MISSING: Final = Rule(
    "blob-missing",
    "error",
    "a blob is not there",
    BlobNotFoundError,
    "image-spec image-layout.md, Blobs",
    "fetch the blob by its digest",
)
SIZE_MISMATCH: Final = Rule(
    "size-mismatch",
    "error",
    "a blob is longer or shorter than its descriptor says",
    SizeMismatchError,
    "image-spec descriptor.md, Verification",
    "fetch the blob again; it was cut or changed",
)
DIGEST_MISMATCH: Final = Rule(
    "digest-mismatch",
    "error",
    "a blob, or the tar in it, is not the one that was promised",
    DigestMismatchError,
    "image-spec descriptor.md, Verification; config.md, Layer DiffID",
    "fetch the blob again; it was changed, or the config is of another image",
)
DIGEST_UNVERIFIABLE: Final = Rule(
    "digest-unverifiable",
    "error",
    "a digest uses an algorithm that cannot be computed here",
    UnsupportedAlgorithmError,
    "image-spec descriptor.md, Digests",
)
LAYER_BROKEN: Final = Rule(
    "layer-broken",
    "error",
    "a layer cannot be decompressed",
    CodecError,
    "RFC 1952; RFC 8878",
    "fetch the blob again; if its digest is right, whoever made it wrote it so",
)
TAR_BROKEN: Final = Rule(
    "tar-broken",
    "error",
    "a layer is no tar archive that readers agree on",
    TarError,
    "POSIX.1-2024, pax",
    "build the layer anew",
)
TREE_IMPOSSIBLE: Final = Rule(
    "tree-impossible",
    "error",
    "the layers do not make a file system",
    MergeError,
    "image-spec layer.md",
    "build the layer anew",
)
LIMIT_REACHED: Final = Rule(
    "limit-reached",
    "error",
    "the image costs more than it may",
    LimitExceededError,
    "",
    "raise the named limit, if the image is of a trusted hand",
)
