"""JSON text with some values changed and everything else left as it is.

Law: no character changes outside the members that change, and what is written anew is
written in the text's own style. This file knows nothing about images.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from ocilayers._types import JSONValue
from ocilayers.wire._form import Form
from ocilayers.wire._json import fold
from ocilayers.wire._scan import Node, Span, scan

__all__ = ["patched"]

JSONObject: TypeAlias = Mapping[str, JSONValue]

_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_HTML: Final = frozenset("<>&")
_ASCII: Final = range(0x80)
_LINE_SEPARATORS: Final = (0x2028, 0x2029)


def patched(text: str, old: JSONValue, new: JSONValue) -> str:
    """*text*, which says *old*, made to say *new*.

    Args:
        text: JSON.
        old: What a reader makes of it; it may see less than there is.
        new: What a reader should make of the result.
    """
    if _same(old, new):
        return text
    root = scan(text)
    patch = _Patch(text, _form_of(text, root))
    patch.value(root, old, new, 0)
    return patch.applied()


class _Patch:
    """Changes to one text, collected first and then made all at once."""

    def __init__(self, text: str, form: Form) -> None:
        self._text = text
        self._form = form
        self._changes: list[tuple[int, int, str]] = []

    def applied(self) -> str:
        """The text with the changes made."""
        parts: list[str] = []
        done = 0
        for start, end, written in sorted(self._changes, key=lambda c: c[:2]):
            parts += (self._text[done:start], written)
            done = end
        return "".join((*parts, self._text[done:]))

    def value(self, node: Node, old: JSONValue, new: JSONValue, depth: int) -> None:
        """Make the value at *node* say *new* instead of *old*."""
        if _same(old, new):
            return
        if node.kind == "{" and isinstance(old, Mapping) and isinstance(new, Mapping):
            self._object(node, old, new, depth)
        elif node.kind == "[" and isinstance(old, list) and isinstance(new, list):
            self._array(node, old, new, depth)
        else:
            self._replace(node, new, depth)

    def _object(self, node: Node, old: JSONObject, new: JSONObject, depth: int) -> None:
        # The last of a name counts.
        spans = {span.name: span for span in node.inside}
        gone: set[str] = set()
        added: list[str] = []
        for name in dict.fromkeys((*new, *old)):
            span = spans.get(name)
            if span is None and name in old:
                span = _stand_in(name, node)
            if name not in new:
                gone.update([span.name] if span else ())
            elif span is None:
                # What a reader takes for granted needs no words.
                if name not in old or not _same(old[name], new[name]):
                    added.append(name)
            elif name in old:
                self.value(span.value, old[name], new[name], depth + 1)
            else:
                self._replace(span.value, new[name], depth + 1)
        kept = [span for span in node.inside if span.name not in gone]
        names = [span.name for span in kept]
        insertions: dict[int, list[str]] = {}
        for name in added:
            written = self._member(node, name, new[name], depth + 1)
            place = _place(name, names, list(new))
            insertions.setdefault(place, []).append(written)
        self._splice(node, kept, insertions, depth)

    def _array(
        self,
        node: Node,
        old: Sequence[JSONValue],
        new: Sequence[JSONValue],
        depth: int,
    ) -> None:
        shorter = min(len(old), len(new))
        head = 0
        while head < shorter and _same(old[head], new[head]):
            head += 1
        tail = 0
        while tail < shorter - head and _same(old[-1 - tail], new[-1 - tail]):
            tail += 1
        both = shorter - tail
        for place in range(head, both):
            self.value(node.inside[place].value, old[place], new[place], depth + 1)
        kept = [*node.inside[:both], *node.inside[len(old) - tail :]]
        added = new[both : len(new) - tail]
        written = [self._form.write(item, depth + 1) for item in added]
        self._splice(node, kept, {both: written} if written else {}, depth)

    def _splice(
        self,
        node: Node,
        kept: Sequence[Span],
        insertions: Mapping[int, Sequence[str]],
        depth: int,
    ) -> None:
        """Take out what is not kept, and put in texts before the places given."""
        if not kept:
            self._refill(node, insertions.get(0, ()), depth)
            return
        first = node.inside.index(kept[0])
        if first:
            self._change(node.inside[0].start, kept[0].start, "")
        stays = set(map(id, kept))
        for before, span in pairwise(node.inside[first:]):
            if id(span) not in stays:
                self._change(before.end, span.end, "")
        separator = self._separator(node, depth + 1)
        for place, written in insertions.items():
            if place:
                text = "".join(f"{separator}{item}" for item in written)
                self._change(kept[place - 1].end, kept[place - 1].end, text)
            else:
                text = "".join(f"{item}{separator}" for item in written)
                self._change(kept[0].start, kept[0].start, text)

    def _refill(self, node: Node, written: Sequence[str], depth: int) -> None:
        """Fill anew what is empty, or what loses all that it holds."""
        if not (node.inside or written):
            return
        opening, closing = self._form.gap(depth + 1), self._form.gap(depth)
        inside = self._separator(node, depth + 1).join(written)
        text = f"{opening}{inside}{closing}" if written else ""
        self._change(node.start + 1, node.end - 1, text)

    def _member(self, node: Node, name: str, value: JSONValue, depth: int) -> str:
        colon = self._form.colon
        if node.inside:
            colon = self._text[node.inside[0].name_end : node.inside[0].value.start]
        return f"{self._form.text(name)}{colon}{self._form.write(value, depth)}"

    def _separator(self, node: Node, depth: int) -> str:
        """What stands between two values inside *node*, or should."""
        if len(node.inside) > 1:
            return self._text[node.inside[0].end : node.inside[1].start]
        if node.inside:
            opening = self._text[node.start + 1 : node.inside[0].start]
            return f",{opening}" if "\n" in opening else self._form.between
        return self._form.separator(depth)

    def _replace(self, node: Node, new: JSONValue, depth: int) -> None:
        self._change(node.start, node.end, self._form.write(new, depth))

    def _change(self, start: int, end: int, written: str) -> None:
        self._changes.append((start, end, written))


def _stand_in(name: str, node: Node) -> Span | None:
    """What a reader saw under *name*, though it is written in other letters."""
    folded = fold(name)
    spans = reversed(node.inside)
    return next((span for span in spans if fold(span.name) == folded), None)


def _place(name: str, names: Sequence[str], order: Sequence[str]) -> int:
    """Where among *names* a new one belongs.

    Where they follow *order*, as it says; else by the alphabet, if they follow that;
    else at the end.
    """
    places = [order.index(other) for other in names if other in order]
    if places == sorted(places):
        place = order.index(name)
        before = [other for other in order[:place] if other in names]
        if before:
            return names.index(before[-1]) + 1
        after = [other for other in order[place:] if other in names]
        return names.index(after[0]) if after else len(names)
    return bisect(names, name) if list(names) == sorted(names) else len(names)


def _same(old: JSONValue, new: JSONValue) -> bool:
    """Whether both say the same in JSON, where true is not 1."""
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(
            _same(value, new[name]) for name, value in old.items()
        )
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return old == new


def _form_of(text: str, root: Node) -> Form:
    """The style of a whole text, from its first values and all its escapes."""
    opening = text[root.start + 1 : root.inside[0].start] if root.inside else ""
    is_lines = "\n" in opening
    first = root
    while first.kind == "[" and first.inside:
        first = first.inside[0].value
    members = first.inside
    colon = text[members[0].name_end : members[0].value.start] if members else ":"
    between = ", " if colon.endswith(" ") else ","
    if len(members) > 1 and not is_lines:
        between = text[members[0].end : members[1].start]
    escapes = {match[1] for match in _ESCAPE.finditer(text) if match[1]}
    codes = {int(digits, 16) for digits in escapes}
    letters = "".join(escapes)
    return Form(
        newline=("\r\n" if "\r\n" in opening else "\n") if is_lines else "",
        indent=opening.rpartition("\n")[2],
        between=between,
        colon=colon,
        html=not codes.isdisjoint(map(ord, _HTML)) or _HTML.isdisjoint(text),
        ascii=text.isascii()
        and any(c not in _ASCII and c not in _LINE_SEPARATORS for c in codes),
        upper=letters != letters.lower(),
        slash="\\/" in text,
    )
