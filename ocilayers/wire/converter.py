"""Our models for whoever has a cattrs converter of their own.

`parse` does not need it: it reads whole documents, and says all that is wrong with
them. This is for models of other people that hold a `Descriptor` or a `Platform`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from ocilayers.limits import Limits
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.timestamp import Timestamp
from ocilayers.wire._careful import read_object
from ocilayers.wire._json import Members
from ocilayers.wire._members import SHAPES, Kind
from ocilayers.wire._report import Report
from ocilayers.wire._values import READERS
from ocilayers.wire._write import json_of

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["make_converter"]


def make_converter(base: Converter | None = None, *, strict: bool = False) -> Converter:
    """A cattrs converter that reads and writes every model of this library.

    Scalars are exact: `True` is no integer and `"7"` is none either. Problems are the
    `DocumentError` that `parse` raises, with all of them in `problems`.

    >>> from ocilayers.spec.platform import Platform
    >>> converter = make_converter()
    >>> converter.structure({"os": "linux", "architecture": "arm64"}, Platform)
    Platform(os='linux', architecture='arm64')

    Args:
        base: Gets the hooks; a new converter without one.
        strict: Refuse what a lenient reader only notices.
    """
    # Imported here: reading documents does without.
    from cattrs import Converter  # noqa: PLC0415

    converter = Converter() if base is None else base

    def structure(value: object, cls: type) -> Any:  # noqa: ANN401 - for cattrs
        report = Report(strict=strict, limits=Limits())
        scalar = _SCALARS.get(cls)
        if scalar is None:
            found = read_object(cls, _with_members(value), "", report)
        else:
            found = READERS[scalar](value, "", report)
        report.close()
        return found

    for cls in SHAPES:
        converter.register_structure_hook(cls, structure)
        converter.register_unstructure_hook(cls, lambda m: json_of(m, unset=True))
    for cls in _SCALARS:
        converter.register_structure_hook(cls, structure)
        converter.register_unstructure_hook(cls, str)
    return converter


_SCALARS: Final[Mapping[type, Kind]] = {
    Digest: "digest",
    MediaType: "media type",
    Timestamp: "time",
}


def _with_members(value: object) -> object:
    """The value with the objects that our readers know."""
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return Members((name, _with_members(item)) for name, item in items)
    if isinstance(value, list | tuple):
        return [_with_members(item) for item in cast("list[object]", value)]
    return value
