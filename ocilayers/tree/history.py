"""What happened to one path, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

import attrs

from ocilayers._text import safe_text
from ocilayers.errors import ContentNotKeptError
from ocilayers.tar.entry import Kind
from ocilayers.tree._names import Names
from ocilayers.tree._paths import ancestors, byte_order
from ocilayers.tree.contents import Contents, cause_of
from ocilayers.tree.facets import Facet, differing
from ocilayers.tree.merged import Merged
from ocilayers.tree.node import Node
from ocilayers.tree.stored import StoredNode

__all__ = ["PathEvent", "biography", "explanation"]

Cause: TypeAlias = Literal[
    "entry", "hardlink", "implied", "whiteout", "opaque", "replaced"
]
"""How a layer did it: with an entry of the path, a hard link, something below the
path, a whiteout, an opaque mark, or an entry that replaced a directory above."""


@attrs.frozen
class PathEvent:
    """One thing that one layer did to one path.

    Attributes:
        layer: The position of the layer, from 0 at the bottom.
        kind: `added`, `changed`, `hidden`, or `back` for what was there once before.
        path: The path, absolute.
        facets: What changed; empty where a layer stores the same again. `stored`
            stands for content that was stored again and not kept, so that nobody
            can tell.
        cause: How the layer did it.
        created_by: The command that made the layer, where it is known.
        at: The path of the entry or mark that did it.
        offset: Where its content starts in the plain tar of the layer, in bytes.
    """

    layer: int
    kind: Literal["added", "changed", "hidden", "back"]
    path: str
    facets: tuple[Facet | Literal["stored"], ...] = ()
    cause: Cause = "entry"
    created_by: str = ""
    at: str = ""
    offset: int | None = None


def biography(
    merged: Merged, path: str, created_by: Sequence[str] = ()
) -> Iterator[PathEvent]:
    """Everything that the layers of *merged* did to *path*, in their order.

    Args:
        merged: The layers, as applied.
        path: Relative to the root.
        created_by: The command that made each layer.
    """
    shown: StoredNode | None = None
    names: Names | None = None
    ever = False
    for n, layer in enumerate(merged.layers):
        contents = layer.contents
        by = created_by[n] if n < len(created_by) else ""
        hider = _hider(path, contents) if shown else None
        stays = shown is not None and hider is None
        directory = stays and shown is not None and shown.is_dir()
        if path in contents.table or (_implies(path, n, contents) and not directory):
            new = StoredNode.of(merged, n, path)
            mates = names.seen if names else frozenset[str]()
            names = Names(new, n, merged)
            facets = _facets(shown, new, relinked=mates != names.seen)
            kind: Literal["added", "changed", "back"] = "back" if ever else "added"
            if shown is not None:
                kind = "changed"
            cause, offset = _maker(path, contents)
            yield PathEvent(n, kind, f"/{path}", facets, cause, by, f"/{path}", offset)
            shown, ever = new, True
        elif hider is not None:
            at, why, offset = hider
            yield PathEvent(n, "hidden", f"/{path}", (), why, by, at, offset)
            shown = None
        elif names is not None and shown is not None:
            for other in byte_order(names.pass_layer(n)):
                at, why = _relinker(other, contents)
                yield PathEvent(n, "changed", f"/{path}", ("links",), why, by, at)


def _implies(path: str, n: int, contents: Contents) -> bool:
    # The root is always there.
    return path in contents.implied or (not path and n == 0)


def _maker(path: str, contents: Contents) -> tuple[Cause, int | None]:
    entry = contents.table.get(path)
    if entry is None:
        return "implied", None
    return "hardlink" if path in contents.links else "entry", entry.offset


def _facets(
    old: Node | None, new: Node, *, relinked: bool
) -> tuple[Facet | Literal["stored"], ...]:
    if old is None:
        return ()
    content: Facet = "content"
    links: tuple[Facet, ...] = ("links",) if relinked and old.kind is new.kind else ()
    try:
        return (*differing(old, new), *links)
    except ContentNotKeptError:
        return ("stored", *differing(old, new, ignore=(content,)), *links)


def _hider(path: str, contents: Contents) -> tuple[str, Cause, int | None] | None:
    """What of one layer hides *path* of the layers below, other than an entry of it."""
    mark = contents.whiteouts.get(path)
    if mark is not None:
        return f"/{path}", "whiteout", mark.offset
    for above in ancestors(path):
        mark = contents.whiteouts.get(above) or contents.opaques.get(above)
        if mark is not None:
            return f"/{above}", cause_of(mark), mark.offset
        entry = contents.table.get(above)
        if entry is not None and above not in contents.dirs:
            return f"/{above}", "replaced", entry.offset
    return None


def _relinker(other: str, contents: Contents) -> tuple[str, Cause]:
    """What of one layer made *other* a name of an inode, or took it away."""
    hider = None if other in contents.table else _hider(other, contents)
    return hider[:2] if hider else (f"/{other}", _maker(other, contents)[0])


def explanation(merged: Merged, path: str, created_by: Sequence[str] = ()) -> str:
    """Where *path* comes from, or why it is not there, in one sentence.

    Args:
        merged: The layers, as applied.
        path: Relative to the root.
        created_by: The command that made each layer.
    """
    events = list(biography(merged, path, created_by))
    if path in merged.paths:
        text = f"/{path} is {_what(merged, path)}: {_story(events)}"
    elif events:
        *before, last = events
        how = {
            "whiteout": f"a whiteout of {last.at}",
            "opaque": f"an opaque mark on {last.at}",
            "replaced": f"something else at {last.at}",
        }[last.cause]
        text = f"/{path} is not there: hidden {_by(last)} by {how}; {_story(before)}"
    else:
        text = f"/{path} was never there{_hint(merged, path)}"
    return safe_text(text)


def _what(merged: Merged, path: str) -> str:
    node = Node(merged, path)
    if node.kind is Kind.FILE:
        return f"a file of {node.size} bytes"
    if node.kind is Kind.SYMLINK:
        return f"a symlink to {node.target}"
    what = {Kind.CHAR: "character device", Kind.BLOCK: "block device"}
    return f"a {what.get(node.kind, node.kind)}"


def _story(events: Sequence[PathEvent]) -> str:
    told = ", ".join(f"{_verb(event)} {_by(event)}" for event in events)
    # Only the root of no layers at all has no story.
    return told or "always there"


def _verb(event: PathEvent) -> str:
    if event.kind == "changed":
        facets = " and ".join(event.facets)
        return f"changed ({facets})" if facets else "stored again unchanged"
    if event.cause == "implied":
        return {"added": "implied", "back": "implied again"}[event.kind]
    return {"added": "added", "hidden": "hidden", "back": "back"}[event.kind]


def _by(event: PathEvent) -> str:
    command = f" ({event.created_by})" if event.created_by else ""
    return f"in layer {event.layer}{command}"


def _hint(merged: Merged, path: str) -> str:
    # The root is always there.
    above = next(above for above in ancestors(path) if above in merged.paths)
    target = merged.symlink(above)
    return f"; /{above} is a symlink to {target}" if target is not None else ""
