"""Names inside image archives: OCI layouts and what `docker save` writes."""

from __future__ import annotations

from ocilayers.archive.archive import open_archive
from ocilayers.archive.oci_layout import open_layout

__all__ = ["open_archive", "open_layout"]
