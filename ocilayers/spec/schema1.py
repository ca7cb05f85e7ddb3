"""Schema 1: Docker's first manifests, to be read and no more.

Source: distribution, manifest-v2-1.md (now withdrawn); regclient,
`types/docker/schema1`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from ocilayers._types import EMPTY_MAP, JSONValue
from ocilayers.spec._freeze import frozen_members
from ocilayers.spec._repr import short_repr
from ocilayers.spec.digest import Digest

__all__ = ["FSLayer", "Schema1History", "Schema1Manifest"]


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class FSLayer:
    """One layer.

    Attributes:
        blob_sum: Digest of the layer as stored.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    blob_sum: Digest = attrs.field(converter=Digest)
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class Schema1History:
    """How one layer was made.

    Attributes:
        v1_compatibility: JSON in a text: `id`, `parent`, `created`, `throwaway` and
            more; read it with `ocilayers.wire.schema1.history`.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    v1_compatibility: str
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr


def _fs_layers(items: Iterable[FSLayer]) -> tuple[FSLayer, ...]:
    return tuple(items)


def _history(items: Iterable[Schema1History]) -> tuple[Schema1History, ...]:
    return tuple(items)


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class Schema1Manifest:
    """One image of the first kind. The top layer comes first.

    Attributes:
        schema_version: Always 1.
        name: Of the repository.
        tag: Of the image.
        architecture: CPU architecture, as Go names it.
        fs_layers: The layers, top first; empty steps have one too.
        history: How they were made, top first, one for each layer.
        unknown: Members that no standard here knows, as found; `signatures` too.
        unset: Members that are written but say nothing, as found.
    """

    fs_layers: tuple[FSLayer, ...] = attrs.field(converter=_fs_layers)
    history: tuple[Schema1History, ...] = attrs.field(converter=_history)
    name: str = ""
    tag: str = ""
    architecture: str = ""
    schema_version: int = 1
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr
