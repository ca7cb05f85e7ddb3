"""What another base changes under the feet of the layers above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Literal

import attrs

from ocilayers.image._digests import read_digests
from ocilayers.image._edit import paired
from ocilayers.image._rebase import check_base
from ocilayers.spec.config import ContainerConfig
from ocilayers.tree.contents import Contents
from ocilayers.tree.diff import Change, Diff, diff
from ocilayers.tree.merge import merge
from ocilayers.tree.squash import squash

if TYPE_CHECKING:
    from ocilayers.image.image import Image

__all__ = ["RebaseConflict", "RebaseReport", "rebase_report"]


@attrs.frozen
class RebaseConflict:
    """A path that the new base changes, and that the layers above touch.

    Attributes:
        path: Absolute.
        kind: What the layers above do there. `replaces`: they have something else
            there, so the change is not seen. `hides`: a whiteout, an opaque directory
            or something above it takes it away. `links`: a hard link of theirs names
            it. `below`: they have a directory there, and the new base has none.
        change: What the new base does there.
    """

    path: str
    kind: Literal["replaces", "hides", "links", "below"]
    change: Literal["added", "removed", "changed"]


@attrs.frozen
class RebaseReport:
    """What to look at before an image goes onto another base.

    Attributes:
        changes: How many paths the new base changes.
        conflicts: Those of them that the layers above touch, parents first. That both
            have a directory is none.
        config: What the image says as the old base did, and the new base says
            otherwise: fields of `ContainerConfig`, those of many members by member, as
            in `env PATH`. A rebase leaves it as it is.
    """

    changes: int
    conflicts: tuple[RebaseConflict, ...]
    config: tuple[str, ...]


def rebase_report(
    image: Image,
    old_base: Image,
    new_base: Image,
    *,
    executor: Executor | None = None,
    progress: Callable[[int], object] | None = None,
) -> RebaseReport:
    """Compare the bases where the layers above them stand.

    Raises:
        ImageError: The image does not lie on *old_base*, or the two bases run on
            different platforms.
        OCILayersError: A layer does not verify, or the layers make no file system.
    """
    check_base(image, old_base, new_base)
    paired(new_base)
    count = len(old_base.layers)
    upper = squash(
        [
            layer.read(content="none", executor=executor, progress=progress)
            for layer in image.layers[count:]
        ],
        limits=image.limits,
    )
    below = read_digests(
        [*old_base.layers, *new_base.layers], executor=executor, progress=progress
    )
    between = diff(
        merge(below[:count], limits=old_base.limits),
        merge(below[count:], limits=new_base.limits),
    )
    return RebaseReport(
        len(between),
        tuple(_conflicts(between, upper.contents)),
        tuple(_left_behind(image, old_base, new_base)),
    )


def _conflicts(between: Diff, upper: Contents) -> Iterator[RebaseConflict]:
    linked = {target for _, target in upper.lower_links()}
    for change in between:
        path = change.path[1:]
        if path in linked:
            yield RebaseConflict(change.path, "links", change.kind)
        elif path in upper.table and path not in upper.dirs:
            yield RebaseConflict(change.path, "replaces", change.kind)
        elif upper.hides(path):
            yield RebaseConflict(change.path, "hides", change.kind)
        elif path in upper.dirs and not _is_directory(change):
            yield RebaseConflict(change.path, "below", change.kind)


def _is_directory(change: Change) -> bool:
    return change.upper is not None and change.upper.is_dir()


def _left_behind(image: Image, old_base: Image, new_base: Image) -> Iterator[str]:
    own, old, new = (
        _members(one.config.model.config) for one in (image, old_base, new_base)
    )
    for name in {**old, **new}:
        if own.get(name) == old.get(name) != new.get(name):
            yield name


def _members(config: ContainerConfig) -> dict[str, object]:
    by_name: dict[str, Mapping[str, object]] = {
        "env": config.environment,
        "exposed_ports": config.exposed_ports,
        "volumes": config.volumes,
        "labels": config.labels,
        "unknown": config.unknown,
        "unset": {},
    }
    whole: dict[str, object] = {
        field.name: getattr(config, field.name)
        for field in attrs.fields(ContainerConfig)
        if field.name not in by_name
    }
    parts = {
        f"{field} {name}": said
        for field, members in by_name.items()
        for name, said in members.items()
    }
    return whole | parts
