"""`merge`: layers into a file system."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ocilayers.limits import Limits
from ocilayers.spec._freeze import texts
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.stack import AnyLayer, Profile, stack

__all__ = ["merge"]


def merge(
    layers: Iterable[AnyLayer],
    *,
    profile: Profile = "overlay",
    strict: bool = False,
    limits: Limits | None = None,
    created_by: Sequence[str] = (),
) -> Filesystem:
    """The file system that *layers* make together, bottom layer first.

    Nothing is returned half done: it is the whole file system, or an error.

    Args:
        layers: Each an iterable of `Entry` in archive order, or a `Changeset`. Where
            one has a method `open_content(entry)`, content is fetched with it.
        profile: Whose answer counts where tools differ: `overlay` (each layer put on
            the lower ones) or `sequential` (each unpacked over the lower ones).
        strict: Raise the first finding of severity `error` instead of keeping it.
        limits: How much the layers may cost.
        created_by: The command that made each layer, for biographies.

    Raises:
        MergeError: The layers say something that has no meaning, or there is no such
            profile.
        LimitExceededError: A limit of `Limits` was reached.
        InvalidFieldError: *created_by* is one command, and no list of them.

    >>> from ocilayers.tar.entry import Entry
    >>> lower = [Entry("etc/motd", "file", content=b"hello"), Entry("etc/x", "file")]
    >>> upper = [Entry("etc/motd", "whiteout")]
    >>> list(merge([lower, upper]))
    ['/', '/etc', '/etc/x']
    """
    merged, read, log = stack(
        layers, profile=profile, strict=strict, limits=limits or Limits()
    )
    return Filesystem(merged, read, profile, texts(created_by), log.findings)
