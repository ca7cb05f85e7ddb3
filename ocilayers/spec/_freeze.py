"""Copies that nobody can edit: what every model does with the collections it is given.

Law: named functions with one type each, since that is what the type checkers accept
as converters of attrs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from ocilayers._types import EMPTY_MAP, FrozenMap, JSONValue
from ocilayers.errors import InvalidFieldError

__all__ = [
    "frozen_json",
    "frozen_members",
    "frozen_names",
    "frozen_texts",
    "refuse_text",
    "texts",
]


def texts(items: Iterable[str]) -> tuple[str, ...]:
    """A list of texts.

    Raises:
        InvalidFieldError: It is one text, of which the letters would be the list.
    """
    refuse_text(items)
    return tuple(items)


def frozen_texts(items: Mapping[str, str]) -> Mapping[str, str]:
    """A map from text to text."""
    return FrozenMap(items) if items else EMPTY_MAP


def frozen_names(items: Iterable[str]) -> Mapping[str, JSONValue]:
    """A set of names, as the standards write one: a map whose values say nothing.

    Raises:
        InvalidFieldError: It is one text, of which the letters would be the names.
    """
    refuse_text(items)
    if isinstance(items, Mapping):
        return frozen_members(cast("Mapping[str, JSONValue]", items))
    return frozen_members(dict.fromkeys(items, EMPTY_MAP))


def frozen_members(items: Mapping[str, JSONValue]) -> Mapping[str, JSONValue]:
    """The members of a JSON object, frozen all the way down."""
    if not items:
        return EMPTY_MAP
    return FrozenMap({name: frozen_json(value) for name, value in items.items()})


def frozen_json(value: JSONValue) -> JSONValue:
    """A JSON value, frozen all the way down: arrays are tuples, objects `FrozenMap`."""
    if isinstance(value, Mapping):
        return frozen_members(value)
    if isinstance(value, list | tuple):
        return tuple(map(frozen_json, value))
    return value


def refuse_text(items: Iterable[str]) -> None:
    """Let nobody take the letters of one text for a list.

    Raises:
        InvalidFieldError: It is one text.
    """
    if isinstance(items, str):
        raise InvalidFieldError(
            "one text for a list of texts",
            expected=f"[{items!r}]",
            actual=repr(items),
        )
