"""How reading a tar and merging layers grow with entries: the exponent of a power law.

Run `python benchmarks/growth.py`. CPU time of this process, the best of some rounds;
the exponent is the slope between the smallest and the largest size on logarithmic
scales, so 1 is linear. A dictionary of a million paths lies in no cache, so the last
rows show what of that is CPython's own.
"""

from __future__ import annotations

import argparse
import gc
import math
import platform
import time
import tracemalloc
from collections.abc import Callable, Iterator

from ocilayers.limits import Limits
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merge import merge

LIMITS = Limits(entries=50_000_000)
LAYERS = 4


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--entries", type=int, nargs="+", default=[10_000, 100_000, 1_000_000]
    )
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()},", end=" ")
    print(f"{platform.machine()}; best of {options.rounds}\n")
    print("| | entries | CPU s | µs an entry | bytes an entry | exponent so far |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    cases = ("scan", scan), ("merge", merging), ("dict.update alone", updating)
    for name, prepare in cases:
        first: tuple[int, float] | None = None
        for entries in options.entries:
            seconds, memory = measure(prepare(entries), options.rounds)
            first = first or (entries, seconds)
            exponent = (
                math.log(seconds / first[1]) / math.log(entries / first[0])
                if entries != first[0]
                else 1
            )
            print(
                f"| {name} | {entries:,} | {seconds:.3f}"
                f" | {seconds / entries * 1e6:.2f} | {memory / entries:.0f}"
                f" | {exponent:.3f} |",
                flush=True,
            )


def measure(work: Callable[[], object], rounds: int) -> tuple[float, int]:
    """CPU seconds, and how much memory what *work* makes takes, in bytes."""
    best = math.inf
    for _ in range(rounds):
        gc.collect()
        began = time.process_time()
        result = work()
        best = min(best, time.process_time() - began)
        del result
    tracemalloc.start()
    result = work()
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del result
    return best, memory


def scan(entries: int) -> Callable[[], object]:
    """Read a tar of empty files, as its pieces come."""
    pieces = list(tar_of(entries))

    def work() -> object:
        decoder = TarDecoder(limits=LIMITS)
        found = [event for piece in pieces for event in decoder.feed(piece)]
        decoder.finish()
        return found

    return work


def merging(entries: int) -> Callable[[], object]:
    """Put layers on top of each other that add, replace and take away."""
    layers = [
        Changeset(layer_of(n, entries // LAYERS), limits=LIMITS) for n in range(LAYERS)
    ]
    for layer in layers:
        _ = layer.children
    return lambda: merge(layers, limits=LIMITS)


def updating(entries: int) -> Callable[[], object]:
    """What of a merge is the dictionary's: one update a layer, nothing hidden."""
    tables = [
        {path_of(n, i): None for i in range(entries // LAYERS)} for n in range(LAYERS)
    ]

    def work() -> object:
        paths: dict[str, None] = {}
        for table in tables:
            paths.update(table)
        return paths

    return work


def layer_of(n: int, entries: int) -> Iterator[Entry]:
    """Nine tenths are new, the others replace or hide what is in the layer below."""
    for i in range(entries):
        if n and i % 10 == 0:
            kind = Kind.WHITEOUT if i % 20 else Kind.FILE
            yield Entry(path_of(n - 1, i + 1), kind)
        else:
            yield Entry(path_of(n, i), Kind.FILE)


def path_of(n: int, i: int) -> str:
    """As package managers make them."""
    return f"usr/share/p{n}-{i // 400}/d{i // 40 % 10}/file-{i}.py"


def tar_of(entries: int) -> Iterator[bytes]:
    """A tar of empty files in pieces of a few hundred KiB."""
    encoder = TarEncoder()
    piece = bytearray()
    for i in range(entries):
        piece += b"".join(encoder.feed(Entry(path_of(0, i), Kind.FILE)))
        if len(piece) >= 1 << 18:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece) + b"".join(encoder.finish())


if __name__ == "__main__":
    main()
