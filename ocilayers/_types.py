"""Words used by everyone: buffers, streams, JSON values, a map nobody can edit.

Law: this file knows nothing about images.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeAlias, TypeVar

if TYPE_CHECKING:
    from typing_extensions import Buffer, override
else:
    # What they say, they say to type checkers, and the import of them all would take
    # as long as that of three models. Nothing is an instance of Any: that would raise.
    Buffer = Any

    def override(method: object) -> object:
        """Give *method* as it is."""
        return method


__all__ = [
    "EMPTY_MAP",
    "Buffer",
    "FrozenMap",
    "JSONValue",
    "SupportsRead",
    "as_bytes",
    "override",
]

JSONValue: TypeAlias = (
    bool
    | int
    | float
    | str
    | list["JSONValue"]
    | tuple["JSONValue", ...]
    | Mapping[str, "JSONValue"]
    | None
)
"""Anything that JSON text can say."""

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class SupportsRead(Protocol):
    """What every source has to offer: `read(n)` alone.

    It may return fewer bytes than asked for; empty bytes are the end.
    """

    def read(self, size: int, /) -> Buffer:
        """Return at most *size* bytes; empty at the end only."""
        ...


def as_bytes(data: Buffer) -> bytes:
    """The bytes of *data*, safe from whoever owns its memory.

    Raises:
        TypeError: It has none.
    """
    # bytes(5) would be five zeros: memoryview refuses what is no buffer.
    return data if type(data) is bytes else memoryview(data).tobytes()


class FrozenMap(Mapping[K, V_co]):
    """A mapping that cannot change: hashable, picklable, copied by reference.

    Equal to any mapping with the same items, whatever their order.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V_co] | None = None) -> None:
        self._items: dict[K, V_co] = dict(items or {})

    @override
    def __getitem__(self, key: K) -> V_co:
        return self._items[key]

    @override
    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    @override
    def __len__(self) -> int:
        return len(self._items)

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return self._items == {**other}

    @override
    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    @override
    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        # What is frozen all the way down needs no second copy.
        return self

    @override
    def __reduce__(self) -> tuple[type[FrozenMap[K, V_co]], tuple[dict[K, V_co]]]:
        return FrozenMap, (self._items,)


EMPTY_MAP: Final[FrozenMap[Any, Any]] = FrozenMap()
"""The one empty map, shared by every value that has nothing to map."""
