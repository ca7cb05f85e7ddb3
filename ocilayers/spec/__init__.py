"""The documents of the standards as frozen values, without their bytes.

Files are named as the standards name them.
"""

from ocilayers.spec.chain_id import chain_id, chain_ids
from ocilayers.spec.config import (
    ContainerConfig,
    Healthcheck,
    History,
    ImageConfig,
    RootFS,
)
from ocilayers.spec.created_by import Step, read_created_by
from ocilayers.spec.descriptor import EMPTY_JSON, Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.history import Alignment, align
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform
from ocilayers.spec.reference import Reference
from ocilayers.spec.runtime import Runtime, runtime_of
from ocilayers.spec.saved import SavedImage
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.spec.timestamp import Timestamp

__all__ = [
    "EMPTY_JSON",
    "Alignment",
    "ContainerConfig",
    "Descriptor",
    "Digest",
    "Healthcheck",
    "History",
    "ImageConfig",
    "ImageIndex",
    "ImageManifest",
    "LayoutHeader",
    "MediaType",
    "Platform",
    "Reference",
    "RootFS",
    "Runtime",
    "SavedImage",
    "Schema1Manifest",
    "Step",
    "Timestamp",
    "align",
    "chain_id",
    "chain_ids",
    "read_created_by",
    "runtime_of",
]
