"""The documents of the standards as frozen values, without their bytes.

Files are named as the standards name them.


They are imported on first use: whoever reads manifests does not pay for the rest.
"""

from ocilayers._lazy import on_first_use

# At once, since there is a module of that name, which would be found instead.
from ocilayers.spec.chain_id import chain_id, chain_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ocilayers.spec.config import (
        ContainerConfig as ContainerConfig,
        Healthcheck as Healthcheck,
        History as History,
        ImageConfig as ImageConfig,
        RootFS as RootFS,
    )
    from ocilayers.spec.created_by import (
        Step as Step,
        read_created_by as read_created_by,
    )
    from ocilayers.spec.descriptor import (
        EMPTY_JSON as EMPTY_JSON,
        Descriptor as Descriptor,
    )
    from ocilayers.spec.digest import Digest as Digest
    from ocilayers.spec.history import (
        Alignment as Alignment,
        align as align,
    )
    from ocilayers.spec.index import ImageIndex as ImageIndex
    from ocilayers.spec.layout import LayoutHeader as LayoutHeader
    from ocilayers.spec.manifest import ImageManifest as ImageManifest
    from ocilayers.spec.media_types import MediaType as MediaType
    from ocilayers.spec.platform import Platform as Platform
    from ocilayers.spec.reference import Reference as Reference
    from ocilayers.spec.runtime import (
        Runtime as Runtime,
        runtime_of as runtime_of,
    )
    from ocilayers.spec.saved import SavedImage as SavedImage
    from ocilayers.spec.schema1 import Schema1Manifest as Schema1Manifest
    from ocilayers.spec.timestamp import Timestamp as Timestamp

_HOMES = {
    "Alignment": "history",
    "ContainerConfig": "config",
    "Descriptor": "descriptor",
    "Digest": "digest",
    "EMPTY_JSON": "descriptor",
    "Healthcheck": "config",
    "History": "config",
    "ImageConfig": "config",
    "ImageIndex": "index",
    "ImageManifest": "manifest",
    "LayoutHeader": "layout",
    "MediaType": "media_types",
    "Platform": "platform",
    "Reference": "reference",
    "RootFS": "config",
    "Runtime": "runtime",
    "SavedImage": "saved",
    "Schema1Manifest": "schema1",
    "Step": "created_by",
    "Timestamp": "timestamp",
    "align": "history",
    "read_created_by": "created_by",
    "runtime_of": "runtime",
}
"""Where each name lives."""

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

if not TYPE_CHECKING:
    __getattr__, __dir__ = on_first_use(__name__, _HOMES)
