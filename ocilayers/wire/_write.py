"""Models to JSON values: what they say, under the names of the wire."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from typing import Final, cast

from ocilayers._types import JSONValue
from ocilayers.wire._members import NOTHING, SHAPES, Kind, Member, Model

__all__ = ["json_of"]

_MAPS: Final[frozenset[Kind]] = frozenset({"annotations", "labels", "names", "sources"})


def json_of(value: object, *, unset: bool) -> JSONValue:
    """A model, or whatever one holds, as JSON.

    Args:
        value: A model, a list or a map of models, or anything that JSON can say.
        unset: Write the members that say nothing as they were found, too.
    """
    if type(value) in SHAPES:
        return _members(cast("Model", value), unset=unset)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value)
        return {name: json_of(item, unset=unset) for name, item in items.items()}
    if isinstance(value, tuple | list):
        entries = cast("tuple[object, ...]", value)
        return [json_of(entry, unset=unset) for entry in entries]
    if isinstance(value, bytes):
        return binascii.b2a_base64(value, newline=False).decode()
    # Digests and the like are texts of their own class.
    return str(value) if isinstance(value, str) else cast("JSONValue", value)


def _members(model: Model, *, unset: bool) -> dict[str, JSONValue]:
    shape = SHAPES[type(model)]
    found: dict[str, JSONValue] = {}
    for member in shape.members:
        value: object = getattr(model, member.attribute)
        if _says_nothing(member, value):
            if unset and member.name in model.unset:
                found[member.name] = json_of(model.unset[member.name], unset=unset)
                continue
            if not _is_always_written(member):
                continue
        written = json_of(value, unset=unset)
        if member.kind in _MAPS and isinstance(written, dict):
            # Go writes maps in the order of their names.
            written = dict(sorted(written.items()))
        found[member.name] = written
    for name, value in model.unknown.items():
        # A member that the model knows is never overridden.
        if name not in shape.by_name:
            found[name] = json_of(value, unset=unset)
    return dict(sorted(found.items())) if shape.is_sorted else found


def _is_always_written(member: Member) -> bool:
    # A list that the standard misses where it is absent is written though empty.
    return member.is_required or (
        member.if_absent is not None and member.kind in ("models", "digests")
    )


def _says_nothing(member: Member, value: object) -> bool:
    # Settings with members that say nothing are there all the same.
    is_nothing = value == NOTHING.get(member.kind, value is None)
    return is_nothing and not getattr(value, "unset", None)
