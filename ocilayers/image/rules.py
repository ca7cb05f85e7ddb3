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
    "DANGLING_SYMLINK",
    "DEVICE_NODE",
    "DIGEST_MISMATCH",
    "DIGEST_UNVERIFIABLE",
    "ESCAPING_SYMLINK",
    "FOREIGN_LAYER",
    "FUTURE_TIME",
    "HIGH_OWNER",
    "LAYERS_MISMATCH",
    "LAYER_BROKEN",
    "LIMIT_REACHED",
    "MANY_LAYERS",
    "NAME_NOT_UTF8",
    "NAME_TOO_LONG",
    "NOT_A_LAYER",
    "SIZE_MISMATCH",
    "TAR_BROKEN",
    "TIME_BEFORE_EPOCH",
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
FOREIGN_LAYER: Final = Rule(
    "foreign-layer",
    "warning",
    "a layer that registries need not have; tools leave it out when they push",
    source="image-spec layer.md, Non-Distributable Layers: deprecated, SHOULD NOT be"
    " used",
    hint="name the layer by an ordinary media type",
)
MANY_LAYERS: Final = Rule(
    "many-layers",
    "warning",
    "more layers than Docker stacks",
    source="moby, layer/layer_store.go: maxLayerDepth is 125",
    hint="`image.squash` a run of layers, or `image.flatten`",
)
DANGLING_SYMLINK: Final = Rule(
    "dangling-symlink",
    "note",
    "a symlink leads to nothing in the image, and not to what is mounted at run time",
    source="path_resolution(7)",
    hint="write what it leads to, or leave the link out",
)
ESCAPING_SYMLINK: Final = Rule(
    "escaping-symlink",
    "warning",
    "the target of a symlink climbs above the root; a container stays inside,"
    " tools that unpack into a folder may not",
    source="path_resolution(7): .. of the root is the root",
    hint="write the target from the root",
)
NAME_NOT_UTF8: Final = Rule(
    "name-not-utf8",
    "note",
    "a name that is not UTF-8; Linux keeps it, file systems that hold text refuse it",
    source="POSIX.1-2024, pax: names are UTF-8 unless hdrcharset says BINARY",
    hint="rename it",
)
NAME_TOO_LONG: Final = Rule(
    "name-too-long",
    "warning",
    "a name longer than 255 bytes, which no file system of Linux holds; nobody can"
    " unpack the layer",
    source="Linux, limits.h: NAME_MAX",
    hint="rename it",
)
FUTURE_TIME: Final = Rule(
    "future-time",
    "note",
    "last changed more than a day after the image was made, as its config says",
    source="image-spec config.md, created; a stamp older than Docker tells no time",
    hint="build with a clock that is right, or set `created`",
)
TIME_BEFORE_EPOCH: Final = Rule(
    "time-before-epoch",
    "note",
    "last changed before 1970; containerd, Docker and podman write 1970, umoci keeps"
    " the time",
    source="measured; containerd and moby clamp such times",
    hint="set a later time",
)
DEVICE_NODE: Final = Rule(
    "device-node",
    "note",
    "a device; engines that do not run as root leave it out or refuse it",
    source="mknod(2): CAP_MKNOD; containerd and moby skip devices in user namespaces",
    hint="leave it out: engines mount a /dev of their own",
)
HIGH_OWNER: Final = Rule(
    "high-owner",
    "note",
    "an owner above 65535; engines that do not run as root usually have no such one",
    source="subuid(5): 65536 subordinate ids are what useradd gives",
    hint="use an owner below 65536",
)
