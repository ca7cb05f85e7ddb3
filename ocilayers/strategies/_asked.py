"""What is asked for by its name, out of the names that there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from ocilayers.errors import InvalidFieldError

__all__ = ["asked"]

N = TypeVar("N", bound=str)


def asked(name: N | None, names: Iterable[N], what: str) -> tuple[N, ...]:
    """The one of *names* that is asked for, or all of them when none is.

    Args:
        name: The one.
        names: Those that there are.
        what: What they are names of.

    Raises:
        InvalidFieldError: It is none of them.
    """
    known = tuple(names)
    if name is None:
        return known
    if name not in known:
        raise InvalidFieldError(
            f"no such {what}", expected=" | ".join(known), actual=repr(name)
        )
    return (name,)
