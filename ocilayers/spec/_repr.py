"""One short `repr` for every model: what it says, and nothing that it does not."""

from __future__ import annotations

from typing import Final, cast

import attrs

__all__ = ["short_repr"]

_LONGEST_TEXT: Final = 80
_MOST_ITEMS: Final = 3


def short_repr(self: attrs.AttrsInstance) -> str:
    """The model as the call that would make it, defaults and long tails left out."""
    said = ((field, getattr(self, field.name)) for field in attrs.fields(type(self)))
    parts = [
        f"{field.name}={_short(value)}"
        for field, value in said
        if field.name != "unset" and value != field.default
    ]
    return f"{type(self).__name__}({', '.join(parts)})"


def _short(value: object) -> str:
    if isinstance(value, str):
        # Digests and media types go in as plain text, so they come out as such.
        text = str(value)
        cut = text[:_LONGEST_TEXT]
        return repr(cut) if cut == text else f"{cut!r}…"
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        shown = [_short(item) for item in items[:_MOST_ITEMS]]
        more = len(items) - len(shown)
        tail = f" … {more} more" if more else "," if len(shown) == 1 else ""
        return f"({', '.join(shown)}{tail})"
    return repr(value)
