"""The header of an OCI image layout.

Source: image-spec, image-layout.md, "oci-layout file".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from ocilayers._types import EMPTY_MAP, JSONValue
from ocilayers.spec._freeze import frozen_members
from ocilayers.spec._repr import short_repr

__all__ = ["LAYOUT_VERSION", "LayoutHeader"]

LAYOUT_VERSION: Final = "1.0.0"
"""The one version there is."""


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class LayoutHeader:
    """What the file `oci-layout` says.

    Attributes:
        image_layout_version: Of the layout, always `1.0.0` so far.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    image_layout_version: str = LAYOUT_VERSION
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr
