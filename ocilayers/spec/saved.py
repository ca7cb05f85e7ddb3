"""What `docker save` writes beside the layers: which images the archive has.

Source: docker-image-spec, spec.md, "Combined Image JSON + Filesystem Changeset
Format"; moby, `daemon/internal/image/tarexport`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import attrs

from ocilayers._types import EMPTY_MAP, FrozenMap, JSONValue
from ocilayers.spec._freeze import frozen_members, texts
from ocilayers.spec._repr import short_repr
from ocilayers.spec.descriptor import Descriptor

__all__ = ["SavedImage"]


def _sources(items: Mapping[str, Descriptor]) -> Mapping[str, Descriptor]:
    return FrozenMap(items) if items else cast("Mapping[str, Descriptor]", EMPTY_MAP)


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class SavedImage:
    """One image of the archive: an item of its `manifest.json`.

    Attributes:
        config: The name of the config in the archive. Names are untrusted.
        repo_tags: What the image is called, `name:tag` each.
        layers: The names of the layers in the archive, base first.
        parent: The image it was built on.
        layer_sources: Where foreign layers are, by diff_id.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    config: str
    repo_tags: tuple[str, ...] = attrs.field(default=(), converter=texts)
    layers: tuple[str, ...] = attrs.field(default=(), converter=texts)
    parent: str = ""
    layer_sources: Mapping[str, Descriptor] = attrs.field(
        default=EMPTY_MAP, converter=_sources
    )
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr
