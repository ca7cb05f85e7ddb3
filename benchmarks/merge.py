"""Merging layers: `merge` beside `dict.update`, which is the least that it can cost.

Run `python benchmarks/merge.py`; it makes its own layers, always the same, and prints
Markdown tables of medians. Runs are interleaved: each round runs every case once.
*cold* is the first merge of layers that were just read, *warm* every later one.
"""

from __future__ import annotations

import argparse
import gc
import platform
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merge import merge

Layer: TypeAlias = list[Entry]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=60_000, help="of all layers")
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()},", end=" ")
    print(f"{platform.machine()}; medians of the CPU time of", end=" ")
    print(f"{options.rounds} interleaved rounds\n")
    print("| entries | layers | case | ns/entry | x dict.update |")
    print("| --- | --- | --- | --- | --- |")
    for factor in (1, 2, 4, 8):
        stack = make_stack(options.entries * factor, options.layers)
        report(stack, measure(stack, options.rounds))
    print()
    print(memory(make_stack(options.entries, options.layers)))


def make_stack(entries: int, layers: int) -> list[Layer]:
    """A base layer, and layers that add, replace and remove.

    One in 20 entries of the upper layers replaces a file, one in 50 hides one, and one
    in 500 makes a directory opaque.

    Args:
        entries: How many, of all layers together.
        layers: How many.
    """
    dice = random.Random(entries)
    base = entries * 7 // 10
    stack = [_tree("usr/share", base)]
    files = [entry.path for entry in stack[0] if entry.kind is Kind.FILE]
    each = (entries - base) // max(layers - 1, 1)
    for n in range(1, layers):
        layer = _tree(f"usr/lib/layer-{n}", each * 9 // 10)
        for path in dice.sample(files, each // 20):
            layer.append(Entry(path, Kind.FILE, size=1))
        gone = dice.sample(files, each // 50)
        layer += [Entry(path, Kind.WHITEOUT) for path in gone]
        folders = [path.rpartition("/")[0] for path in dice.sample(files, each // 500)]
        layer += [Entry(path, Kind.OPAQUE) for path in folders]
        stack.append(layer)
    return stack


def _tree(top: str, entries: int) -> Layer:
    """One directory for every seven files, parents first."""
    parts = top.split("/")
    above = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    layer = [Entry(path, Kind.DIRECTORY) for path in above]
    for number in range(entries):
        folder = f"{top}/package-{number // 64}"
        if number % 64 == 0:
            layer.append(Entry(folder, Kind.DIRECTORY))
        folder = f"{folder}/section-{number % 64 // 8}"
        if number % 8 == 0:
            layer.append(Entry(folder, Kind.DIRECTORY))
        else:
            layer.append(Entry(f"{folder}/file-{number}.txt", Kind.FILE, size=number))
    return layer


def measure(stack: list[Layer], rounds: int) -> dict[str, float]:
    """Seconds for every case."""
    tables = [{entry.path: entry for entry in layer} for layer in stack]
    seconds: dict[str, list[float]] = {}

    def timed(name: str, call: Callable[[], object]) -> None:
        gc.collect()
        gc.disable()
        began = time.process_time()
        result = call()
        seconds.setdefault(name, []).append(time.process_time() - began)
        gc.enable()
        del result

    for _ in range(rounds):
        layers = [Changeset(layer) for layer in stack]
        timed("dict.update", partial(_update, tables))
        timed("merge, cold", partial(merge, layers))
        timed("merge, warm", partial(merge, layers))
        timed("read", partial(_read, stack))
        timed("read and merge", partial(merge, stack))
    return {name: statistics.median(times) for name, times in seconds.items()}


def _read(stack: list[Layer]) -> list[Changeset]:
    return [Changeset(layer) for layer in stack]


def _update(tables: list[dict[str, Entry]]) -> dict[str, Entry]:
    merged: dict[str, Entry] = {}
    for table in tables:
        merged.update(table)
    return merged


def report(stack: list[Layer], seconds: dict[str, float]) -> None:
    """Print the rows of one stack."""
    entries = sum(map(len, stack))
    floor = seconds["dict.update"]
    for name, took in seconds.items():
        cells = f"{entries:,} | {len(stack)} | {name} | {took / entries * 1e9:.0f}"
        print(f"| {cells} | {took / floor:.2f} |")


def memory(stack: list[Layer]) -> str:
    """What the tree holds beside the entries and the text of their paths."""
    entries = sum(map(len, stack))
    tracemalloc.start()
    layers = [Changeset(layer) for layer in stack]
    read = tracemalloc.get_traced_memory()[0]
    fs = merge(layers)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (
        f"Memory: {read / entries:.0f} B an entry to read the layers,"
        f" {(held - read) / len(fs):.0f} B a path to merge them."
    )


if __name__ == "__main__":
    main()
