"""Layers put together, or made again without some paths.

Each layer is decoded once: files are written in the order in which the layers store
them, after the directories that they are in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, TypeAlias

import attrs

from ocilayers.errors import ImageError
from ocilayers.image._edit import describe, paired, with_layers
from ocilayers.layer._writer import StoredBytes, write_layer
from ocilayers.layer.stored import InOrder
from ocilayers.limits import Limits
from ocilayers.spec.config import History
from ocilayers.spec.history import align
from ocilayers.spec.media_types import Compression
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._overlay import find_lower
from ocilayers.tree._paths import ancestors, clean
from ocilayers.tree._rebind import rebind
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.contents import Contents
from ocilayers.tree.merge import merge
from ocilayers.tree.squash import squash

if TYPE_CHECKING:
    from ocilayers.image.image import Image
    from ocilayers.image.layer import Layer

__all__ = ["Making", "squash_layers", "strip"]

Progress: TypeAlias = Callable[[int], object]
_FIRST = frozenset({Kind.DIRECTORY, Kind.WHITEOUT, Kind.OPAQUE})


@attrs.frozen
class Making:
    """How layers are read and written.

    Attributes:
        compression: Of the stored bytes that are made.
        level: Of the compression.
        executor: Whose workers hash and deflate beside this thread.
        progress: Told how many stored bytes each read gave, then how many bytes of
            content were written.
    """

    compression: Compression = "gzip"
    level: int | None = None
    executor: Executor | None = None
    progress: Progress | None = None

    def read(self, layer: Layer, stack: ExitStack) -> InOrder:
        """Read *layer*; its content is there until *stack* closes."""
        index = layer.read(executor=self.executor, progress=self.progress)
        return stack.enter_context(closing(InOrder(layer.lazily(index))))

    def write(self, entries: Iterable[Entry], changeset: Changeset) -> StoredBytes:
        """Write *entries*, whose content *changeset* has."""
        return write_layer(
            entries,
            changeset.open_content,
            compression=self.compression,
            level=self.level,
            executor=self.executor,
            progress=self.progress,
        )


def squash_layers(image: Image, start: int, stop: int, making: Making) -> Image:
    """*image* with `layers[start:stop]` as one layer that does the same.

    Raises:
        ImageError: There are no such layers.
        OCILayersError: A layer does not verify, or the layers make no file system.
    """
    layers = image.layers
    if not 0 <= start < stop <= len(layers):
        raise ImageError(
            "no such run of layers",
            where="layers",
            expected=f"0 <= start < stop <= {len(layers)}",
            actual=f"{start}, {stop}",
        )
    with ExitStack() as stack:
        read = [
            Changeset(making.read(layer, stack), limits=image.limits)
            for layer in layers[:stop]
        ]
        lower, run = merge(read[:start], limits=image.limits), read[start:]
        one = squash(run, lower=lower, limits=image.limits)
        stored = making.write(_as_stored(one, read), one)
    described = describe(image, stored.facts)
    pairs = paired(image)
    return with_layers(
        image,
        [*pairs[:start], (described, stored.facts.diff_id), *pairs[stop:]],
        history=_history(image, start, stop),
        blobs={described.digest: stored.blob},
    )


def strip(image: Image, paths: Iterable[str], making: Making) -> Image:
    """*image* without *paths* and all that is in them, in every layer.

    What stays stays whole: a hard link to what goes names the file by another name,
    or stores it. Layers that have none of it stay as they are; of the others the
    compression stays, not the bytes.

    Raises:
        OCILayersError: A layer does not verify, or the layers make no file system.
    """
    paths = (paths,) if isinstance(paths, str) else paths
    gone = frozenset(clean(path).path for path in paths)
    pairs, blobs = paired(image), dict[str, bytes]()
    with ExitStack() as stack:
        read: list[Changeset] = []
        below: list[Changeset] = []
        for n, layer in enumerate(image.layers):
            source = making.read(layer, stack)
            read.append(Changeset(source, limits=image.limits))
            left = _without(gone, read, image.limits)
            below.append(left or read[-1])
            if left is None:
                continue
            lower = merge(below[:-1], limits=image.limits)
            one = squash([left], lower=lower, limits=image.limits)
            how = attrs.evolve(making, compression=source.index.facts.compression)
            stored = how.write(_as_stored(one, [*read[:-1], left]), one)
            described = describe(image, stored.facts, layer.descriptor)
            pairs[n] = described, stored.facts.diff_id
            blobs[described.digest] = stored.blob
    return with_layers(image, pairs, history=image.config.model.history, blobs=blobs)


def _without(
    gone: frozenset[str], layers: Sequence[Changeset], limits: Limits
) -> Changeset | None:
    """The last of *layers* without *gone* and what is below; None where it has none."""
    layer, contents = layers[-1], layers[-1].contents

    def goes(path: str) -> bool:
        return path in gone or not gone.isdisjoint(ancestors(path))

    links = contents.lower_links()
    lower = merge(layers[:-1] if links else (), limits=limits).merged
    named = {
        # What the layer stores and hides itself goes too.
        *(clean(entry.path).path for entry in layer.raw),
        *contents.table,
        *contents.dirs,
        *contents.whiteouts,
        *contents.opaques,
        *(link for _, link in links),
        *(find_lower(link, layer, lower) or "" for _, link in links),
    }
    going = {path for path in named if goes(path)}
    if not going:
        return None
    left = Contents(
        {path: entry for path, entry in contents.table.items() if path not in going},
        (contents.dirs - going) | {""},
        contents.implied - going,
        {path: mark for path, mark in contents.whiteouts.items() if path not in going},
        {path: mark for path, mark in contents.opaques.items() if path not in going},
        {path: link for path, link in contents.links.items() if path not in going},
    )

    def unnamed(path: str) -> bool:
        return goes(path) or path in left.table or left.hides(path)

    return rebind(Changeset.of(left, source=layer.source), lower, unnamed)


def _as_stored(one: Changeset, run: Sequence[Changeset]) -> list[Entry]:
    """The entries of *one* in the order in which the layers of *run* store them."""
    number = {id(changeset): n for n, changeset in enumerate(run)}

    def place(entry: Entry) -> tuple[int, int, int]:
        if entry.kind in _FIRST:
            return 0, 0, 0
        if entry.kind is Kind.HARDLINK:
            return 2, 0, 0
        origin, _ = one.origin(clean(entry.path).path)
        return 1, number.get(id(origin), 0), entry.offset or 0

    # Stable: directories stay before what is in them.
    return sorted(one, key=place)


def _history(image: Image, start: int, stop: int) -> tuple[History, ...]:
    """The steps of the run make no layer any more; after them comes one that does."""
    history = image.config.model.history
    steps = align(history, len(image.layers)).steps[start:stop]
    run = [step for step in steps if step is not None]
    if not run:
        return history
    made = History(
        created=history[run[-1]].created,
        comment=f"squashed from {stop - start} layers",
    )
    changed = list(history)
    for step in run:
        changed[step] = attrs.evolve(history[step], empty_layer=True)
    changed.insert(run[-1] + 1, made)
    return tuple(changed)
