"""What a large tree costs to show: the time, and the bytes that a notebook keeps.

Run `python benchmarks/notebook.py`; it makes its own trees, always the same, and prints
a Markdown table of medians of CPU time. Rounds run every case once.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable

from ocilayers.notebook.treemap import treemap
from ocilayers.tar.entry import Entry
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paths", type=int, default=44_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()},", end=" ")
    print(f"{platform.machine()}; medians of the CPU time of", end=" ")
    print(f"{options.rounds} rounds\n")
    print("| paths | what is shown | ms | kB |")
    print("| --- | --- | --- | --- |")
    for factor in (1, 4):
        fs = make_tree(options.paths * factor)
        for name, show in SHOWN.items():
            spent, size = measure(show, fs, options.rounds)
            print(f"| {len(fs)} | {name} | {spent * 1e3:.0f} | {size / 1e3:.0f} |")


SHOWN: dict[str, Callable[[Filesystem], str]] = {
    "the folders, HTML": lambda fs: fs._repr_html_(),
    "one folder, HTML": lambda fs: fs["/usr/d0"]._repr_html_(),
    "a treemap, SVG": lambda fs: treemap(fs).svg,
}


def make_tree(files: int) -> Filesystem:
    """A tree of *files* files in three layers, in folders of folders."""
    names = [f"usr/d{n % 40}/e{n % 700}/f{n}" for n in range(files)]
    entries = [Entry(name, "file", size=n % 977) for n, name in enumerate(names)]
    third = files // 3
    return merge([entries[:third], entries[third : 2 * third], entries[2 * third :]])


def measure(
    show: Callable[[Filesystem], str], fs: Filesystem, rounds: int
) -> tuple[float, int]:
    """The median of the seconds that *show* takes, and how many bytes it gives."""
    spent: list[float] = []
    size = 0
    for _ in range(rounds):
        start = time.process_time()
        size = len(show(fs).encode())
        spent.append(time.process_time() - start)
    return statistics.median(spent), size


if __name__ == "__main__":
    main()
