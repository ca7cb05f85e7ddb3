"""The documents of the standards as frozen values, without their bytes.

Files are named as the standards name them.
"""

from __future__ import annotations

from ocilayers.spec.chain_id import chain_id, chain_ids
from ocilayers.spec.config import (
    ContainerConfig,
    Healthcheck,
    History,
    ImageConfig,
    RootFS,
)
from ocilayers.spec.descriptor import EMPTY_JSON, Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform
from ocilayers.spec.timestamp import Timestamp

__all__ = [
    "EMPTY_JSON",
    "ContainerConfig",
    "Descriptor",
    "Digest",
    "Healthcheck",
    "History",
    "ImageConfig",
    "ImageIndex",
    "ImageManifest",
    "MediaType",
    "Platform",
    "RootFS",
    "Timestamp",
    "chain_id",
    "chain_ids",
]
