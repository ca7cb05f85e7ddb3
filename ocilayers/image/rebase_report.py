"""What another base changes under the feet of the layers above it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import attrs

from ocilayers.image._rebase import check_base
from ocilayers.spec.config import ContainerConfig
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.diff import Change, diff
from ocilayers.tree.squash import squash

if TYPE_CHECKING:
    from ocilayers.image.image import Image

__all__ = ["RebaseConflict", "RebaseReport", "rebase_report"]


@attrs.frozen
class RebaseConflict:
    """A path that the new base changes, and that the layers above touch.

    Attributes:
        path: Absolute.
        kind: What the layers above do there: `replaces` it, so the change is not
            seen; `hides` it by a whiteout or an opaque directory; `links` to it;
            have something `below` it, though it is no directory any more.
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
        conflicts: Those of them that the layers above touch.
        config: Members of the config in which the image says what the old base said,
            and the new base says something else.
    """

    changes: int
    conflicts: tuple[RebaseConflict, ...]
    config: tuple[str, ...]


def rebase_report(image: Image, old_base: Image, new_base: Image) -> RebaseReport:
    """Compare the bases where the layers above them stand.

    Raises:
        ImageError: The image does not lie on *old_base*, or the two bases run on
            different platforms.
        OCILayersError: A layer does not verify, or the layers make no file system.
    """
    check_base(image, old_base, new_base)
    upper = squash(
        [layer.read() for layer in image.layers[len(old_base.layers) :]],
        limits=image.limits,
    )
    between = diff(old_base.filesystem(), new_base.filesystem())
    return RebaseReport(
        len(between),
        tuple(_conflicts(between.changes, upper)),
        tuple(_left_behind(image, old_base, new_base)),
    )


def _conflicts(
    changes: tuple[Change, ...], upper: Changeset
) -> Iterator[RebaseConflict]:
    contents = upper.contents
    linked = {link for link in contents.links.values() if isinstance(link, str)}
    for change in changes:
        path = change.path[1:]
        if path in linked:
            yield RebaseConflict(change.path, "links", change.kind)
        elif path in contents.table and path not in contents.dirs:
            yield RebaseConflict(change.path, "replaces", change.kind)
        elif contents.hides(path):
            yield RebaseConflict(change.path, "hides", change.kind)
        elif path in contents.dirs and not _is_directory(change):
            yield RebaseConflict(change.path, "below", change.kind)


def _is_directory(change: Change) -> bool:
    return change.upper is not None and change.upper.is_dir()


def _left_behind(image: Image, old_base: Image, new_base: Image) -> Iterator[str]:
    own, old, new = (one.config.model.config for one in (image, old_base, new_base))
    for field in attrs.fields(ContainerConfig):
        said = getattr(old, field.name)
        if getattr(own, field.name) == said != getattr(new, field.name):
            yield field.name
