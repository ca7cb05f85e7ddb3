"""The documents of the standards as frozen values, without their bytes.

Files are named as the standards name them.
"""

from __future__ import annotations

from ocilayers.spec.descriptor import EMPTY_JSON, Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform

__all__ = ["EMPTY_JSON", "Descriptor", "Digest", "MediaType", "Platform"]
