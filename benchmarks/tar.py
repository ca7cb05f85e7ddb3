"""Listing a tar: `TarDecoder` beside tarfile, libarchive, GNU tar, bsdtar and Go.

Run `python benchmarks/tar.py`; it makes its own inputs, always the same, and prints
a Markdown table of medians. Runs are interleaved: each round runs every case once.
In-process cases read bytes in memory, commands read a file and are whole processes.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import platform
import shutil
import statistics
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry

CHUNK = 256 << 10
ENDINGS = ("txt", "py", "so")
GO_PROGRAM = Path(__file__).with_name("tar_list.go")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=30_000, help="of each tar")
    parser.add_argument(
        "--bytes", type=int, default=10_000, help="of a file, on average"
    )
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()},", end=" ")
    print(f"{platform.machine()}; {options.entries:,} entries; medians of", end=" ")
    print(f"{options.rounds} interleaved rounds\n")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for title, pax in (("Plain headers", False), ("PAX on every entry", True)):
            path = scratch / "layer.tar"
            path.write_bytes(make_tar(options.entries, options.bytes, pax=pax))
            seconds = measure(dict(cases(path.read_bytes(), path, scratch)), options)
            report(title, path.stat().st_size, seconds, options.entries)


def make_tar(entries: int, file_bytes: int, *, pax: bool) -> bytes:
    """A tree as package managers leave it: many small files of few owners and dates.

    Args:
        entries: How many.
        file_bytes: Average length of a file, in bytes.
        pax: Give every entry a PAX header with three times, as `tar --format=posix`
            does; otherwise GNU headers.
    """
    target = io.BytesIO()
    style = tarfile.PAX_FORMAT if pax else tarfile.GNU_FORMAT
    with tarfile.open(fileobj=target, mode="w", format=style) as archive:
        for number, info in enumerate(_members(entries, file_bytes)):
            info.uname = info.gname = "root"
            if pax:
                stamp = f"{int(info.mtime)}.{number * 7919 % 10**9:09d}"
                info.pax_headers = dict.fromkeys(("mtime", "atime", "ctime"), stamp)
            archive.addfile(info, io.BytesIO(bytes([number % 251]) * info.size))
    return target.getvalue()


def _members(entries: int, file_bytes: int) -> Iterator[tarfile.TarInfo]:
    for number in range(entries):
        package, part = divmod(number, 40)
        folder = f"usr/share/package-{package % 97}-{package}/section-{part % 7}"
        info = tarfile.TarInfo(folder)
        info.mtime = 1_600_000_000 + package * 86_400
        info.mode = 0o755
        if part == 0:
            info.type = tarfile.DIRTYPE
        elif part % 13 == 0:
            info.name = f"{folder}/lib-{number}.so"
            info.type = tarfile.SYMTYPE
            info.linkname = f"lib-{number}.so.{part}"
        else:
            info.name = f"{folder}/file-{number:06d}.{ENDINGS[part % 3]}"
            info.mode = 0o644
            info.size = number * 7919 % (2 * file_bytes)
        yield info


def report(title: str, size: int, seconds: dict[str, float], entries: int) -> None:
    """Print the table of one tar."""
    print(f"### {title}, {size / 1e6:,.0f} MB\n")
    print("| reader | entries/s | µs/entry | times tarfile |")
    print("| --- | ---: | ---: | ---: |")
    for case, taken in seconds.items():
        speed, cost = entries / taken, taken / entries * 1e6
        ratio = seconds["tarfile"] / taken
        print(f"| {case} | {speed:,.0f} | {cost:.2f} | {ratio:.2f} |")
    print()


def measure(
    runs: dict[str, Callable[[], object]], options: argparse.Namespace
) -> dict[str, float]:
    """Median seconds of each case, over rounds that run every case once."""
    taken: dict[str, list[float]] = {case: [] for case in runs}
    for _ in range(options.rounds):
        for case, run in runs.items():
            gc.collect()
            begin = time.perf_counter()
            kept = run()
            taken[case].append(time.perf_counter() - begin)
            del kept
    return {case: statistics.median(times) for case, times in taken.items()}


def cases(
    data: bytes, path: Path, scratch: Path
) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is measured: a name, and what to run."""
    chunks = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
    yield "ocilayers", partial(decode, chunks, content=False)
    yield "ocilayers, content given out", partial(decode, chunks, content=True)
    yield "tarfile", partial(list_with_tarfile, data)
    if find_spec("libarchive") is not None:
        yield "libarchive-c", partial(list_with_libarchive, data)
    for name, command in commands(path, scratch):
        yield name, partial(run, *command)


def decode(chunks: list[bytes], *, content: bool) -> list[Entry | bytes]:
    """All events, from chunks as a codec gives them."""
    decoder = TarDecoder(content=content)
    events: list[Entry | bytes] = []
    for chunk in chunks:
        events += decoder.feed(chunk)
    return events + decoder.finish()


def list_with_tarfile(data: bytes) -> list[tarfile.TarInfo]:
    """All members, as the standard library finds them."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        return archive.getmembers()


def list_with_libarchive(data: bytes) -> list[tuple[object, ...]]:
    """What an entry holds at least, as libarchive-c finds it."""
    libarchive = import_module("libarchive")
    with libarchive.memory_reader(data) as archive:
        return [
            (e.pathname, e.filetype, e.mode, e.uid, e.gid, e.mtime, e.size, e.linkpath)
            for e in archive
        ]


def commands(path: Path, scratch: Path) -> Iterator[tuple[str, list[str]]]:
    """Other tools that are installed: whole processes, from a file."""
    if tar := shutil.which("tar"):
        yield "GNU `tar tf`", [tar, "-tf", str(path)]
        yield "GNU `tar tvf`", [tar, "-tvf", str(path)]
    if bsdtar := shutil.which("bsdtar"):
        yield "`bsdtar tvf`", [bsdtar, "-tvf", str(path)]
    if go := shutil.which("go"):
        built = scratch / "tar_list"
        if not built.exists():
            environment = os.environ | {
                "GOCACHE": str(scratch / "cache"),
                "GO111MODULE": "off",
            }
            command = [go, "build", "-o", str(built), str(GO_PROGRAM)]
            # Other tools are what a comparison is about.
            subprocess.run(command, check=True, env=environment)
        yield "Go archive/tar", [str(built), str(path)]


def run(*command: str) -> None:
    """One whole process, its output thrown away."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
