"""What verified layers promise badly, and what other tools make of them.

One finding for each rule and layer: it names the first path and counts the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ocilayers.errors import (
    NotADirectoryPathError,
    PathNotFoundError,
    SymlinkLoopError,
)
from ocilayers.findings import FindingLog, Rule
from ocilayers.image.layer import Layer
from ocilayers.image.rules import (
    DANGLING_SYMLINK,
    DEVICE_NODE,
    ESCAPING_SYMLINK,
    FOREIGN_LAYER,
    FUTURE_TIME,
    HIGH_OWNER,
    MANY_LAYERS,
    NAME_NOT_UTF8,
    NAME_TOO_LONG,
    TIME_BEFORE_EPOCH,
)
from ocilayers.spec.config import ImageConfig
from ocilayers.tar.entry import Kind
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.node import Node

__all__ = ["check_layers", "check_tree", "made_at"]

#: moby, layer/layer_store.go, maxLayerDepth.
_MOST_LAYERS: Final = 125
#: Linux, limits.h, NAME_MAX: bytes.
_NAME_MAX: Final = 255
#: Above are no ids that a user without privileges usually has.
_MOST_OWNER: Final = 0xFFFF
#: 2013-01-01: no image is older than Docker, so an earlier time is a stamp.
_DOCKER_NS: Final = 1_356_998_400 * 10**9
#: Nobody's time zone is further away.
_DAY_NS: Final = 86_400 * 10**9
#: What engines mount when they run a container.
_MOUNTED: Final = frozenset({"dev", "proc", "run", "sys"})


def made_at(config: ImageConfig) -> int | None:
    """The latest time that the config names; None where it names none.

    Nanoseconds since the epoch. A time before Docker was there is a stamp that
    reproducible builds leave, and says nothing.
    """
    texts = [config.created, *(step.created for step in config.history)]
    times = [time for text in texts if text and (time := text.unix_ns) is not None]
    latest = max(times, default=0)
    return latest if latest >= _DOCKER_NS else None


def check_layers(layers: Sequence[Layer], log: FindingLog) -> None:
    """Say which tools will not take *layers*."""
    if len(layers) > _MOST_LAYERS:
        message = f"{MANY_LAYERS.summary}: {len(layers)}, not {_MOST_LAYERS}"
        log.add(MANY_LAYERS, "layers", message)
    for layer in layers:
        if layer.descriptor.media_type.is_foreign:
            log.add(FOREIGN_LAYER, layer.where)


def check_tree(
    filesystem: Filesystem, layers: Sequence[Layer], made: int | None, log: FindingLog
) -> None:
    """Say what is odd in what *layers* make together.

    Args:
        filesystem: What they make.
        layers: The layers, the base first.
        made: When the image was made, in nanoseconds since the epoch.
        log: Where findings go.
    """
    found: dict[tuple[int, str], tuple[Rule, list[str]]] = {}
    for node in filesystem.walk():
        for rule in _oddities(node, filesystem, made):
            paths = found.setdefault((node.layer, rule.code), (rule, []))[1]
            paths.append(node.path)
    for (layer, _), (rule, paths) in sorted(found.items(), key=lambda item: item[0]):
        more = f", and {len(paths) - 1} more" if len(paths) > 1 else ""
        where = f"{layers[layer].where}: {paths[0]}"
        log.add(rule, where, f"{rule.summary}{more}")


def _oddities(node: Node, filesystem: Filesystem, made: int | None) -> Iterator[Rule]:
    if node.implied:
        return
    yield from _of_name(node)
    if max(node.uid, node.gid) > _MOST_OWNER:
        yield HIGH_OWNER
    if node.mtime_ns < 0:
        yield TIME_BEFORE_EPOCH
    if made is not None and node.mtime_ns > made + _DAY_NS:
        yield FUTURE_TIME
    if node.kind in {Kind.BLOCK, Kind.CHAR}:
        yield DEVICE_NODE
    if node.kind is Kind.SYMLINK:
        yield from _of_link(node, filesystem)


def _of_name(node: Node) -> Iterator[Rule]:
    name = node.name.encode("utf-8", "surrogateescape")
    if len(name) > _NAME_MAX:
        yield NAME_TOO_LONG
    if name.decode("utf-8", "replace") != node.name:
        yield NAME_NOT_UTF8


def _of_link(node: Node, filesystem: Filesystem) -> Iterator[Rule]:
    way, escapes = _way(node)
    if escapes:
        yield ESCAPING_SYMLINK
    if way[:1] and way[0] in _MOUNTED:
        return
    try:
        filesystem.resolve(node.path)
    except (PathNotFoundError, NotADirectoryPathError, SymlinkLoopError):
        yield DANGLING_SYMLINK


def _way(node: Node) -> tuple[list[str], bool]:
    """The parts of the path that a link leads to as text, and if it left the root."""
    target = node.target or ""
    way = [] if target.startswith("/") else node.parent.path.split("/")[1:]
    way = [part for part in way if part]
    escapes = False
    for part in target.split("/"):
        if part == "..":
            # The host's own root ends an absolute target that climbs.
            escapes |= not way and not target.startswith("/")
            del way[-1:]
        elif part not in {"", "."}:
            way.append(part)
    return way, escapes
