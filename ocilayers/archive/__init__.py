"""Names inside image archives: OCI layouts and what `docker save` writes."""

from __future__ import annotations

from ocilayers.archive.archive import open_archive
from ocilayers.archive.member import Member, pack
from ocilayers.archive.oci_layout import open_layout
from ocilayers.archive.write_archive import write_archive
from ocilayers.archive.write_layout import write_layout

__all__ = [
    "Member",
    "open_archive",
    "open_layout",
    "pack",
    "write_archive",
    "write_layout",
]
