"""Platforms: what a container needs from the machine it runs on.

Source: image-spec, image-index.md, "platform"; containerd/platforms for the text form.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ocilayers._types import EMPTY_MAP, JSONValue
from ocilayers.spec._freeze import frozen_members, texts
from ocilayers.spec._repr import short_repr

__all__ = ["Platform"]


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class Platform:
    """What a container needs from the machine it runs on. Absent members are empty.

    Attributes:
        os: Operating system, as Go names it: `linux`, `windows`.
        architecture: CPU architecture, as Go names it: `amd64`, `arm64`.
        variant: Of the architecture: `v7`.
        os_version: Of the operating system; it counts on Windows only.
        os_features: What the operating system must offer: `win32k`.
        features: What the CPU must offer (Docker only, reserved in OCI).
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    os: str = ""
    architecture: str = ""
    variant: str = ""
    os_version: str = ""
    os_features: tuple[str, ...] = attrs.field(default=(), converter=texts)
    features: tuple[str, ...] = attrs.field(default=(), converter=texts)
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr
