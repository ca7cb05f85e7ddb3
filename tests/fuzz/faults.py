"""Break what is read, and the reading of it, in every way; count what comes of it.

    python tests/fuzz/faults.py

Nothing may be silently wrong: each fault ends in the right result, in an error of the
library, or in the error that the source itself raised. Prints a table; exits with 1 if
anything else happened.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, Literal, TypeAlias

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from archives import layout, saved, small_image, tar_of_files
from layer_blobs import BLOBS, ENTRIES, TAR, Dribble

from ocilayers.archive.archive import open_archive
from ocilayers.errors import OCILayersError
from ocilayers.image.sample import sample_image
from ocilayers.layer.index import LayerIndex, read_layer
from ocilayers.layer.reader import open_layer
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import MediaType
from ocilayers.wire.parse import parse

__all__ = ["FAULTS", "Outcome", "count"]

Outcome: TypeAlias = Literal["right", "refused", "the source's own", "WRONG"]
Case: TypeAlias = Callable[[], Outcome]

OWN: Final = "the source's own"
DIFF_ID: Final = Digest.of(TAR)
_OWN: Final = (ConnectionResetError, KeyError, MemoryError, KeyboardInterrupt)


class Faulty:
    """A source that does one thing wrong, at its read number *at*."""

    def __init__(self, data: bytes, at: int, fault: object) -> None:
        self._data = io.BytesIO(data)
        self._left = at
        self._fault = fault

    def read(self, size: int, /) -> object:
        # Small reads, so that there are many.
        self._left -= 1
        if self._left == 0:
            if isinstance(self._fault, type) and issubclass(self._fault, BaseException):
                raise self._fault("the source's own")
            return self._fault if self._fault != "too much" else bytes(size + 1)
        return self._data.read(min(size, 512))


def _read(
    source: object, promised: Descriptor | None, pool: Executor | None
) -> Outcome:
    try:
        index = read_layer(
            source,  # type: ignore[arg-type]  # that is the point
            promised,
            diff_id=DIFF_ID if promised else None,
            executor=pool,
        )
    except OCILayersError:
        return "refused"
    except _OWN as error:
        return "the source's own" if "source's own" in str(error) else "WRONG"
    return "right" if _is_right(index) else "WRONG"


def _is_right(index: LayerIndex) -> bool:
    return index.facts.diff_id == DIFF_ID and index.entries == ENTRIES_READ


ENTRIES_READ: Final = read_layer(io.BytesIO(TAR)).entries


def _promise(blob: bytes) -> Descriptor:
    return Descriptor.of(blob, MediaType("application/vnd.oci.image.layer.v1.tar"))


def _cut(step: int, pool: Executor | None) -> Iterator[Case]:
    for name, blob in BLOBS.items():
        for end in range(0, len(blob), step):
            source = io.BytesIO(blob[:end])
            yield partial(_never_right, partial(_read, source, _promise(blob), pool))
            # No bytes at all are a layer too: an empty one.
            if name != "none" and end:
                source = io.BytesIO(blob[:end])
                yield partial(_read, source, None, pool)


def _never_right(read: Case) -> Outcome:
    outcome = read()
    return "WRONG" if outcome == "right" else outcome


def _flip(step: int, pool: Executor | None) -> Iterator[Case]:
    for name, blob in BLOBS.items():
        for bit in range(0, len(blob) * 8, step):
            flipped = _flipped(blob, bit)
            source = io.BytesIO(flipped)
            yield partial(_never_right, partial(_read, source, _promise(blob), pool))
            # The zstd frames have no checksum: without a promise nobody knows.
            if name.startswith("gzip"):
                yield partial(_read, io.BytesIO(flipped), None, pool)


def _flipped(data: bytes, bit: int) -> bytes:
    flipped = bytearray(data)
    flipped[bit // 8] ^= 1 << bit % 8
    return bytes(flipped)


def _misread(step: int, pool: Executor | None) -> Iterator[Case]:
    faults = [*_OWN, StopIteration, None, "text", "too much", 7]
    for blob in BLOBS.values():
        for fault in faults:
            for at in range(1, len(blob) // 512 + 2, max(step // 64, 1)):
                source = Faulty(blob, at, fault)
                yield partial(
                    _never_right, partial(_read, source, _promise(blob), pool)
                )


def _dribbled(step: int, pool: Executor | None) -> Iterator[Case]:
    for blob in BLOBS.values():
        for size in range(1, len(blob) + 1, step):
            pieces = [blob[at : at + size] for at in range(0, len(blob), size)]
            source = Dribble(pieces)
            yield partial(_always_right, partial(_read, source, _promise(blob), pool))


def _always_right(read: Case) -> Outcome:
    outcome = read()
    return outcome if outcome == "right" else "WRONG"


def _left_early(step: int, pool: Executor | None) -> Iterator[Case]:
    for blob in BLOBS.values():
        for entries in range(len(ENTRIES)):
            yield partial(_leave, blob, entries, pool)


def _leave(blob: bytes, entries: int, pool: Executor | None) -> Outcome:
    source = io.BytesIO(blob)
    reader = open_layer(source, executor=pool)
    for _ in range(entries):
        next(reader)
    reader.close()
    try:
        reader.facts  # noqa: B018 - it has none to tell
    except OCILayersError:
        return "refused" if not source.closed else "WRONG"
    return "WRONG"


def _documents(step: int, pool: Executor | None) -> Iterator[Case]:
    image = sample_image()
    for doc in (image.manifest, image.config):
        for bit in range(0, len(doc.raw) * 8, step):
            yield partial(_parse, _flipped(doc.raw, bit), doc.digest)
        for end in range(0, len(doc.raw), step):
            yield partial(_parse, doc.raw[:end], doc.digest)


def _parse(raw: bytes, other: Digest) -> Outcome:
    try:
        doc = parse(raw)
    except OCILayersError:
        return "refused"
    is_kept = doc.raw == raw and doc.edit(doc.model).raw == raw
    return "right" if is_kept and doc.digest != other else "WRONG"


def _archives(step: int, pool: Executor | None) -> Iterator[Case]:
    image = small_image("one", compression="none")
    for files in (layout(image, names=["1"]), saved(image, tags=["one:1"])):
        raw = tar_of_files(files)
        for bit in range(0, len(raw) * 8, step * 8):
            yield partial(_open, _flipped(raw, bit + bit // 8 % 8))
        for end in range(0, len(raw), step * 8):
            yield partial(_open, raw[:end])


def _open(raw: bytes) -> Outcome:
    try:
        report = open_archive(io.BytesIO(raw)).verify()
    except OCILayersError:
        return "refused"
    if not report.verified or report.filesystem is None:
        return "refused"
    return "right" if report.filesystem == FILESYSTEM else "WRONG"


FILESYSTEM: Final = small_image("one", compression="none").filesystem()

FAULTS: Final[Mapping[str, Callable[[int, Executor | None], Iterator[Case]]]] = {
    "a layer cut at every byte": _cut,
    "every bit of a layer flipped": _flip,
    "a source that fails at every read": _misread,
    "a source that gives n bytes at a time": _dribbled,
    "a reader left after n entries": _left_early,
    "every bit of a document flipped, and cut": _documents,
    "an archive flipped and cut": _archives,
}


def count(fault: str, step: int = 1, pool: Executor | None = None) -> Counter[Outcome]:
    """How often each outcome came of *fault*.

    Args:
        fault: One of `FAULTS`.
        step: Every how many places it is made.
        pool: Whose worker hashes and reads the tar.
    """
    return Counter(case() for case in FAULTS[fault](step, pool))


def main() -> int:
    """Make them all, in one thread and with a worker beside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", type=int, default=1)
    options = parser.parse_args()
    print("| fault | threads | made | right | refused | the source's own | WRONG |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    wrong = 0
    with ThreadPoolExecutor(1) as one:
        for fault in FAULTS:
            # Documents and archives are opened in one thread.
            of_layers = not fault.endswith("cut")
            for pool in (None, one) if of_layers else (None,):
                seen = count(fault, options.step, pool)
                wrong += seen["WRONG"]
                print(
                    f"| {fault} | {2 if pool else 1} | {seen.total():,}"
                    f" | {seen['right']:,} | {seen['refused']:,}"
                    f" | {seen[OWN]:,}"
                    f" | {seen['WRONG']:,} |",
                    flush=True,
                )
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
