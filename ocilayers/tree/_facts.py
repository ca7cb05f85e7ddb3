"""What an entry says about the file that it makes, wherever that file is."""

from __future__ import annotations

from ocilayers.tar.entry import Entry, Kind

__all__ = ["facts"]


def facts(entry: Entry) -> tuple[object, ...]:
    """Everything that a process could see, but names and content that was not kept."""
    symlink = entry.kind is Kind.SYMLINK
    return (
        entry.kind,
        # The mode of a symlink is not kept by any file system.
        0o777 if symlink else entry.mode,
        entry.uid,
        entry.gid,
        entry.mtime_ns,
        entry.size,
        entry.target if symlink else None,
        entry.device,
        entry.xattrs,
        entry.content,
    )
