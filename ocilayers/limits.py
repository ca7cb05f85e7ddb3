"""What an image may cost the process that reads it.

Every limit acts while reading, before the cost is paid; each names the
`LimitExceededError` that it raises by its own name.
"""

from __future__ import annotations

import sys
from typing import Final, Self

import attrs

from ocilayers.errors import LimitExceededError

__all__ = ["GIB", "KIB", "MIB", "TIB", "Limits"]

KIB: Final = 1 << 10
MIB: Final = 1 << 20
GIB: Final = 1 << 30
TIB: Final = 1 << 40


@attrs.frozen(kw_only=True)
class Limits:
    """How much one image may cost. Change one with `attrs.evolve`.

    >>> import attrs
    >>> attrs.evolve(Limits(), entries=1000).entries
    1000
    """

    document_bytes: int = 4 * MIB
    """Longest manifest, index or config, in bytes."""

    json_depth: int = 64
    """Deepest nesting of JSON arrays and objects."""

    layers: int = 4096
    """Most layers of one image."""

    uncompressed_bytes: int = 16 * GIB
    """Longest layer after decompression, in bytes."""

    ratio: int | None = None
    """Most plain bytes per stored byte of a layer, or None for no limit.

    A layer of zeros honestly reaches 1000 with gzip and more with zstd.
    """

    zstd_window: int = 128 * MIB
    """Largest window a zstd frame may ask for, in bytes."""

    entries: int = 5_000_000
    """Most entries of one layer, and most paths of a merged file system."""

    implied_bytes: int = 256 * MIB
    """Most text of directories that no entry of a layer names, in characters.

    One long path in the archive can stand for a thousand directories.
    """

    path_bytes: int = 4096
    """Longest path or link target, in bytes (Linux PATH_MAX)."""

    path_depth: int = 1024
    """Most components of one path, and of all symlinks on the way to it."""

    extension_bytes: int = MIB
    """Most bytes of PAX and GNU extension headers before one entry."""

    extension_headers: int = 8
    """Most PAX and GNU extension headers before one entry."""

    sparse_segments: int = 65_536
    """Most data segments of one sparse file."""

    sparse_bytes: int = TIB
    """Most zeros that the holes of sparse files of one layer are read as, in bytes.

    They are one small object again and again, and only whoever joins them pays.
    """

    symlink_follows: int = 40
    """Most symlinks one look-up follows (Linux MAXSYMLINKS)."""

    index_bytes: int = 64 * MIB
    """Longest byte form of a layer index after decompression, in bytes."""

    index_depth: int = 8
    """Deepest nesting of image indexes."""

    findings: int = 10_000
    """Most findings one object keeps; later ones are counted, not kept."""

    @classmethod
    def unlimited(cls) -> Self:
        """No limit at all, for input from a trusted hand."""
        return cls(**dict.fromkeys(attrs.fields_dict(cls), sys.maxsize))

    def check(
        self, name: str, actual: int, *, where: str = "", offset: int | None = None
    ) -> None:
        """Refuse *actual* where it is more than the limit called *name*.

        Raises:
            LimitExceededError: It is.
        """
        allowed: int | None = getattr(self, name)
        if allowed is not None and actual > allowed:
            raise LimitExceededError(
                f"more than {allowed} {name.replace('_', ' ')}",
                where=where,
                expected=f"at most {allowed}",
                actual=actual,
                offset=offset,
                limit=name,
            )
