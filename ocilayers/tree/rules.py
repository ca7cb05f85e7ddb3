"""Everything a merge can notice.

`error`: a strict reader refuses it. `warning`: tools in use make something else of
these layers. `note`: they differ in metadata, or in nothing that the tree shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocilayers.errors import (
    DuplicatePathError,
    HardlinkTargetError,
    InvalidWhiteoutError,
    MergeError,
    NotADirectoryPathError,
    PathEscapeError,
)
from ocilayers.findings import Rule

__all__ = [
    "AUFS_LEFTOVER",
    "DOTTED_NAME",
    "DUPLICATE_PATH",
    "HARDLINK_ESCAPES",
    "HARDLINK_FORWARD",
    "HARDLINK_TO_LOWER",
    "IMPLIED_OVER_LOWER",
    "IMPLIED_PARENT",
    "ODD_MARKER",
    "OPAQUE_OVER_FILE",
    "OPAQUE_OVER_SYMLINK",
    "OPAQUE_ROOT",
    "OVERLAY_MARK",
    "PARENT_IS_FILE",
    "RESERVED_NAME",
    "RULES",
    "SYMLINKED_PARENT",
    "SYMLINKED_PARENT_DANGLES",
    "SYMLINKED_PARENT_ESCAPES",
    "WHITEOUT_BELOW_SYMLINK",
    "WHITEOUT_BELOW_WHITEOUT",
    "WHITEOUT_BESIDE_ENTRY",
    "WHITEOUT_WITHOUT_PARENT",
]

_LAYER_MD: Final = "image-spec, layer.md"

DUPLICATE_PATH: Final = Rule(
    "duplicate-path",
    "error",
    "the layer names this path twice; the last one counts",
    DuplicatePathError,
    f"{_LAYER_MD}: entries with the same path MUST NOT be produced",
    "write the layer again, each path once",
)
DOTTED_NAME: Final = Rule(
    "dotted-name",
    "error",
    "the name holds '..', which was resolved as text",
    PathEscapeError,
    "containerd and Docker resolve it the same way",
    "write the resolved name",
)
ODD_MARKER: Final = Rule(
    "odd-marker",
    "error",
    "a whiteout that is no empty regular file; its name alone counts",
    InvalidWhiteoutError,
    f"{_LAYER_MD}, Whiteouts: a whiteout file is an empty file",
    "write an empty regular file",
)
RESERVED_NAME: Final = Rule(
    "reserved-name",
    "error",
    "a directory with a whiteout's name; only base names are whiteouts",
    InvalidWhiteoutError,
    f"{_LAYER_MD}, Whiteouts: the .wh. prefix is reserved",
    "rename the directory",
)
OVERLAY_MARK: Final = Rule(
    "overlay-mark",
    "error",
    "plain data in a layer, but a kernel overlay takes it as an order to hide",
    MergeError,
    "Linux, filesystems/overlayfs: whiteouts and opaque directories",
    "write OCI whiteouts; `interop.overlayfs` converts",
)
PARENT_IS_FILE: Final = Rule(
    "parent-is-file",
    "error",
    "something is below a path that is no directory; a directory took its place"
    " (the sequential profile refuses)",
    NotADirectoryPathError,
    "directory-based tools fail with ENOTDIR",
    "remove the file in the layer, or do not write below it",
)
OPAQUE_OVER_FILE: Final = Rule(
    "opaque-over-file",
    "error",
    "opaque, but no directory below; a directory took its place"
    " (the sequential profile refuses)",
    NotADirectoryPathError,
    "directory-based tools fail with ENOTDIR",
    "write an entry for the directory",
)
SYMLINKED_PARENT_ESCAPES: Final = Rule(
    "symlinked-parent-escapes",
    "error",
    "the way leads through a symlink out of the root; it was bounded to the root",
    PathEscapeError,
    "containerd and umoci bound it, Docker and containers/storage refuse",
    "write the real path",
)
SYMLINKED_PARENT_DANGLES: Final = Rule(
    "symlinked-parent-dangles",
    "error",
    "the way leads through a symlink to nothing in this layer; the directory was made",
    NotADirectoryPathError,
    "containerd and umoci make it, Docker and containers/storage refuse",
    "write the real path",
)
HARDLINK_TO_LOWER: Final = Rule(
    "hardlink-to-lower",
    "error",
    "a hard link to a file of a lower layer; tools that unpack each layer by itself"
    " refuse it",
    HardlinkTargetError,
    f"{_LAYER_MD}, Hardlinks: a link to a lower layer may fail",
    "store the file in this layer",
)
HARDLINK_FORWARD: Final = Rule(
    "hardlink-forward",
    "error",
    "a hard link that stands before its target (the sequential profile does not"
    " look ahead)",
    HardlinkTargetError,
    "every tool fails or links to the lower layer",
    "write the target first",
)
HARDLINK_ESCAPES: Final = Rule(
    "hardlink-escapes",
    "error",
    "the target of a hard link climbs out of the root; it was bounded to the root",
    HardlinkTargetError,
    "containerd and umoci bound it, Docker and containers/storage refuse",
    "write the real path",
)
SYMLINKED_PARENT: Final = Rule(
    "symlinked-parent",
    "warning",
    "the profiles differ here: below a lower symlink, overlay makes a directory in"
    " its place, sequential writes through it",
    source="overlay drivers against one-directory extraction",
    hint="write the real path",
)
OPAQUE_OVER_SYMLINK: Final = Rule(
    "opaque-over-symlink",
    "warning",
    "the profiles differ here: overlay makes an opaque directory in place of the"
    " symlink, sequential empties what it leads to",
    source="overlay drivers against one-directory extraction",
    hint="write an entry for the directory",
)
WHITEOUT_BELOW_SYMLINK: Final = Rule(
    "whiteout-below-symlink",
    "warning",
    "the profiles differ here: overlay hides nothing below a symlink, sequential"
    " follows it",
    source="overlay drivers against one-directory extraction",
    hint="write the real path",
)
WHITEOUT_BESIDE_ENTRY: Final = Rule(
    "whiteout-beside-entry",
    "warning",
    "hidden and made again in one layer: what was below is gone, what this layer"
    " has stays; some tools lose the new entry, others keep the old children",
    source=f"{_LAYER_MD}, Whiteouts: applied only to resources in lower layers",
    hint="leave the whiteout out, or make the directory opaque",
)
WHITEOUT_BELOW_WHITEOUT: Final = Rule(
    "whiteout-below-whiteout",
    "note",
    "a whiteout below something that this layer hides anyway; some tools leave an"
    " empty directory behind",
    source="containers/storage, pkg/archive",
    hint="leave it out",
)
WHITEOUT_WITHOUT_PARENT: Final = Rule(
    "whiteout-without-parent",
    "note",
    "a whiteout in a directory that does not exist hides nothing; some tools make"
    " the directory, others fail",
    source=f"{_LAYER_MD}, Whiteouts",
    hint="leave it out",
)
OPAQUE_ROOT: Final = Rule(
    "opaque-root",
    "note",
    "the root is opaque, so everything below is hidden; a kernel overlay ignores this",
    source=f"{_LAYER_MD}, Opaque Whiteout",
    hint="write explicit whiteouts",
)
AUFS_LEFTOVER: Final = Rule(
    "aufs-leftover",
    "note",
    "left behind by AUFS; hidden",
    source="Docker, containers/storage: names beginning .wh..wh. at the root",
    hint="leave it out",
)
IMPLIED_PARENT: Final = Rule(
    "implied-parent",
    "note",
    "no layer has an entry for this directory; it is root's, mode 0755",
    source=f"{_LAYER_MD}: parent directories",
    hint="write an entry for the directory",
)
IMPLIED_OVER_LOWER: Final = Rule(
    "implied-over-lower",
    "note",
    "the layer has no entry for this directory and it keeps what it was below;"
    " Docker's overlay2 makes it root's, mode 0755",
    source="containerd WithParents and umoci keep it",
    hint="write an entry for the directory",
)

RULES: Final[Mapping[str, Rule]] = {
    rule.code: rule for rule in dict(globals()).values() if isinstance(rule, Rule)
}
"""All of them, by code."""
