"""A stack of layers, applied one by one, by the rules of a profile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias, get_args

from ocilayers.errors import LimitExceededError, MergeError
from ocilayers.findings import FindingLog
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree._notes import Notes
from ocilayers.tree._overlay import apply
from ocilayers.tree._sequential import in_sequence
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merged import Merged
from ocilayers.tree.rules import RULES

__all__ = ["AnyLayer", "Profile", "stack"]

Profile: TypeAlias = Literal["overlay", "sequential"]
"""What the world does differently.

`overlay`: each layer is unpacked by itself and put on the lower ones, as Docker,
containerd and Podman do with their usual drivers; the specification decides what a
kernel cannot express. `sequential`: each layer is unpacked over the lower ones, so
that lower symlinks are followed.
"""

_PROFILES: Final[tuple[str, ...]] = get_args(Profile)

AnyLayer: TypeAlias = Iterable[Entry] | Changeset
"""What can be merged: entries in archive order, or a layer already read."""


def stack(
    layers: Iterable[AnyLayer],
    *,
    profile: Profile = "overlay",
    strict: bool = False,
    limits: Limits,
) -> tuple[Merged, tuple[Changeset, ...], FindingLog]:
    """Apply *layers*, bottom first.

    Returns:
        What they make, the layers as read, and what was noticed.

    Raises:
        MergeError: The layers say something that has no meaning, or there is no such
            profile.
    """
    if profile not in _PROFILES:
        raise MergeError(
            "no such profile", expected=" | ".join(_PROFILES), actual=repr(profile)
        )
    log = FindingLog(strict=strict, limits=limits)
    merged = Merged(limits=limits)
    read: list[Changeset] = []
    for n, layer in enumerate(layers):
        limits.check("layers", n + 1)
        notes = Notes(log, f"layers[{n}]")
        changeset = _read(layer, limits, notes)
        read.append(changeset)
        if profile == "sequential":
            changeset = in_sequence(changeset, merged, notes)
        apply(changeset, merged, limits, notes)
    return merged, tuple(read), log


def _read(layer: AnyLayer, limits: Limits, notes: Notes) -> Changeset:
    if not isinstance(layer, Changeset):
        try:
            layer = Changeset(layer, strict=notes.log.strict, limits=limits)
        except (MergeError, LimitExceededError) as error:
            # What the caller's own iterable raises names its places itself.
            if error.where.startswith("/"):
                error.where = f"{notes.layer}{error.where}"
            raise
    for finding in layer.findings:
        notes.add(RULES[finding.code], finding.where[1:], finding.message)
    return layer
