"""Layers decoded and encoded with both digests: `ocilayers` beside its peers.

Run `python benchmarks/codec.py`; it makes its own inputs, always the same, and prints
Markdown tables. Runs are interleaved: each round runs every case once, and a ratio is
the median of the ratios of the rounds. All read a file that the system has in memory;
commands are whole processes. What must hold has its own table.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import hashlib
import os
import platform
import random
import shutil
import statistics
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from subprocess import DEVNULL, check_output

import zstandard

from ocilayers._types import SupportsRead
from ocilayers.codec.layer import LayerDecoder, LayerEncoder
from ocilayers.spec.media_types import Compression

Opener = Callable[[], AbstractContextManager[SupportsRead]]
CHUNK = 256 << 10
CORES = min(os.cpu_count() or 1, 2)
GO_PROGRAM = Path(__file__).with_name("codec_go.go")
SHAPES = {"many small files": 12_000, "few large files": 12_000_000}


@dataclass
class Table:
    """What is compared, and what must come of it."""

    title: str
    runs: dict[str, Callable[[], object]]
    #: What nothing can be faster than: a case, or what `join` makes of `parts`.
    limit: str
    #: A case, another one, and how many times as long as that the first may take.
    musts: list[tuple[str, str, float]]
    parts: tuple[str, ...] = ()
    join: Callable[..., float] = max
    times: dict[str, list[float]] = field(default_factory=dict)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=96, help="of each plain tar")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--rows", default="abc", help="gzip, zstd, encode")
    options = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}", end=", ")
    print(f"{platform.machine()}, {os.cpu_count()} cores, {options.rounds} rounds")
    print(f"zlib {zlib.ZLIB_RUNTIME_VERSION}", end="")
    for name in filter(find_spec, ("isal", "rapidgzip", "zstandard")):
        print(f", {name} {version(name)}", end="")
    print(f", {shutil.which('go') and check_output(['go', 'version'], text=True)}\n")  # noqa: S607 - whichever there is
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        for shape, file_bytes in SHAPES.items():
            plain = make_tar(options.mib << 20, file_bytes)
            for table in tables(plain, Path(name), pool, options.rows):
                measure(table, options.rounds)
                report(table, f"{shape}, {len(plain) / 1e6:,.0f} MB", len(plain))


def make_tar(size: int, file_bytes: int) -> bytes:
    """A tree of texts and of what is compressed already, with a usual ratio."""
    dice = random.Random(file_bytes)
    text = _text(dice, 8 << 20) * (file_bytes // (4 << 20) + 1)
    target = BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.GNU_FORMAT) as archive:
        number = 0
        while target.tell() < size:
            info = tarfile.TarInfo(f"usr/share/package-{number // 40}/file-{number}")
            info.size = dice.randrange(2 * file_bytes)
            info.mtime = 1_600_000_000 + number
            # Pictures, and what package managers have compressed.
            compressed = dice.random() < 0.15  # noqa: PLR2004 - a usual share
            start = dice.randrange(len(text) - info.size)
            excerpt = text[start : start + info.size]
            content = dice.randbytes(info.size) if compressed else excerpt
            archive.addfile(info, BytesIO(content))
            number += 1
    return target.getvalue()


def _text(dice: random.Random, size: int) -> bytes:
    words = [dice.randbytes(dice.randrange(1, 6)).hex().encode() for _ in range(300)]
    lines = [b" ".join(dice.choices(words, k=9)) for _ in range(2000)]
    text = bytearray()
    while len(text) < size:
        near = dice.sample(lines, 200)
        for line in dice.choices(near, k=120):
            text += line + b"\n" + b" ".join(dice.choices(words, k=14)) + b"\n"
    return bytes(text)


def tables(plain: bytes, scratch: Path, pool: Executor, rows: str) -> Iterator[Table]:
    """One for each row."""
    tar, gz, zst = (scratch / name for name in ("layer.tar", "layer.gz", "layer.zst"))
    tar.write_bytes(plain)
    if "a" in rows:
        gz.write_bytes(zlib.compress(plain, 6, wbits=31))
        yield gzip_table(gz, pool)
    if "b" in rows:
        zst.write_bytes(zstandard.ZstdCompressor(level=3).compress(plain))
        yield zstd_table(zst, tar, pool)
    if "c" in rows:
        yield encode_table(tar, pool)


def gzip_table(path: Path, pool: Executor) -> Table:
    """Row a: gzip decoded."""
    limit, both = "zlib alone", "zlib and both hashes, one thread"
    table = Table(
        "a: gzip decoded, both digests",
        {
            limit: partial(inflate, path, hashes=False),
            both: partial(inflate, path, hashes=True),
            "ocilayers, executor": partial(decode, path, pool, fast=False),
            "ocilayers": partial(decode, path, fast=False),
        },
        limit,
        [
            ("ocilayers, executor", limit, 1.12),
            ("ocilayers", both, 1.10),
            ("ocilayers, executor", "gzip.open, hashlib", 1 / 1.35),
            ("ocilayers, executor", "`gzip -dc`, sha256sum", 1 / 2),
            ("ocilayers, executor", "Go", 1 / 2),
            ("ocilayers[fast], executor", "isal igzip_threaded, hashlib", 1.0),
            ("ocilayers[fast], executor", "rapidgzip, 2 threads, hashlib", 1.0),
        ],
    )
    if find_spec("isal"):
        table.runs["ocilayers[fast], executor"] = partial(decode, path, pool)
        table.runs["ocilayers[fast]"] = partial(decode, path)
        igzip = partial(import_module("isal.igzip_threaded").open, path, threads=1)
        table.runs["isal igzip_threaded, hashlib"] = partial(hash_both, igzip, path)
    if find_spec("rapidgzip"):
        rapid = partial(import_module("rapidgzip").open, str(path), parallelization=2)
        table.runs["rapidgzip, 2 threads, hashlib"] = partial(hash_both, rapid, path)
    plain = partial(gzip.open, path)
    table.runs["gzip.open, hashlib"] = partial(hash_both, plain, path, 65_536)
    _add_pipe(table, path, "gzip")
    _add_pipe(table, path, "pigz")
    if go := go_program(path.parent):
        table.runs["Go"] = partial(shell, f"{go} decode {path}")
    return table


def _add_pipe(table: Table, path: Path, name: str) -> None:
    if shutil.which(name):
        command = f"tee >(sha256sum >&2) < {path} | {name} -dc | sha256sum"
        table.runs[f"`{name} -dc`, sha256sum"] = partial(shell, command)


def zstd_table(path: Path, tar: Path, pool: Executor) -> Table:
    """Row b: zstd decoded."""
    alone, hashes = "zstd alone", "both hashes alone"
    limit = f"the slower of {alone} and {hashes}"
    table = Table(
        "b: zstd decoded, both digests",
        {
            alone: partial(decompress, path),
            hashes: partial(hash_both, lambda: tar.open("rb"), path),
            "ocilayers, executor": partial(decode, path, pool),
            "ocilayers": partial(decode, path),
        },
        limit,
        [
            ("ocilayers, executor", limit, 1.10),
            ("ocilayers, executor", "`zstd -dc`, sha256sum", 1 / 3),
        ],
        (alone, hashes),
    )
    _add_pipe(table, path, "zstd")
    return table


def encode_table(path: Path, pool: Executor) -> Table:
    """Row c: a tar encoded; first of all, always to the same bytes."""
    with ThreadPoolExecutor(1) as one:
        assert encode(path) == encode(path, one) == encode(path, pool)
    alone = "zlib alone, one thread"
    limit = f"{alone}, by {CORES} cores"
    table = Table(
        "c: encoded at level 6, both digests",
        {
            alone: partial(deflate, path),
            "ocilayers, executor": partial(encode, path, pool),
            "ocilayers": partial(encode, path),
        },
        limit,
        [
            ("ocilayers, executor", limit, 1.10),
            ("ocilayers, executor", "`pigz -6n`, sha256sum", 1.0),
            ("ocilayers, executor", "`gzip -6n`, sha256sum", 1 / 2),
            ("ocilayers, executor", "Go", 1 / 2),
        ],
        (alone,),
        lambda taken: taken / CORES,
    )
    if find_spec("isal"):
        isal = partial(encode, path, pool, deflate="isal")
        table.runs["ocilayers, isal by name, executor"] = isal
    for peer in ("gzip -6n", "pigz -6n", "zstd -3 -T2"):
        if shutil.which(peer.split()[0]):
            command = f"{peer} -c < {path} | sha256sum"
            table.runs[f"`{peer}`, sha256sum"] = partial(shell, command)
    if go := go_program(path.parent):
        table.runs["Go"] = partial(shell, f"{go} encode {path}")
    return table


def chunks(path: Path) -> Iterator[bytes]:
    """A file, as a caller would read it."""
    with path.open("rb", buffering=0) as file:
        yield from iter(partial(file.read, CHUNK), b"")


def decode(path: Path, pool: Executor | None = None, *, fast: bool = True) -> str:
    """With `LayerDecoder`."""
    decoder = LayerDecoder(executor=pool, checkpoints=not fast)
    for chunk in chunks(path):
        for _ in decoder.feed(chunk):
            pass
    decoder.finish()
    return decoder.facts.diff_id


def encode(
    path: Path,
    pool: Executor | None = None,
    compression: Compression = "gzip",
    deflate: str = "zlib",
) -> str:
    """With `LayerEncoder`."""
    encoder = LayerEncoder(compression, executor=pool, deflate=deflate)
    for chunk in chunks(path):
        for _ in encoder.feed(chunk):
            pass
    encoder.finish()
    return encoder.facts.digest


def inflate(path: Path, *, hashes: bool) -> None:
    """With zlib alone, or with both hashes in the same thread."""
    inflater, stored, plain = zlib.decompressobj(31), hashlib.sha256(), hashlib.sha256()
    for chunk in chunks(path):
        data = inflater.decompress(chunk)
        if hashes:
            stored.update(chunk)
            plain.update(data)


def decompress(path: Path) -> None:
    """With zstandard alone."""
    with path.open("rb", buffering=0) as file:
        reader = zstandard.ZstdDecompressor().stream_reader(file)
        while reader.read(CHUNK):
            pass


def deflate(path: Path) -> None:
    """With zlib alone."""
    deflater = zlib.compressobj(6, zlib.DEFLATED, 31)
    for chunk in chunks(path):
        deflater.compress(chunk)
    deflater.flush()


def hash_both(opener: Opener, path: Path, size: int = CHUNK) -> None:
    """What *opener* gives, and the stored bytes at *path*."""
    plain, stored = hashlib.sha256(), hashlib.sha256()
    with opener() as file:
        for data in iter(partial(file.read, size), b""):
            plain.update(data)
    for chunk in chunks(path):
        stored.update(chunk)


def shell(command: str) -> None:
    """Whole processes, their output thrown away."""
    # Other tools are what a comparison is about.
    check_output(["bash", "-c", command], stderr=DEVNULL)  # noqa: S607 - whichever there is


def go_program(scratch: Path) -> Path | None:
    """The program beside this one, built; None where there is no Go."""
    built = scratch / "codec_go"
    if shutil.which("go") and not built.exists():
        cache = f"GO111MODULE=off GOCACHE={scratch / 'go'}"
        shell(f"{cache} go build -o {built} {GO_PROGRAM}")
    return built if built.exists() else None


def measure(table: Table, rounds: int) -> None:
    """Seconds of each case, over rounds that run every case once."""
    table.times = {case: [] for case in table.runs}
    for _ in range(rounds):
        for case, call in table.runs.items():
            gc.collect()
            begin = time.perf_counter()
            call()
            table.times[case].append(time.perf_counter() - begin)
    if table.parts:
        taken = [table.times[part] for part in table.parts]
        table.times[table.limit] = list(map(table.join, *taken))


def _ratio(table: Table, case: str, other: str) -> float:
    pairs = zip(table.times[case], table.times[other], strict=True)
    return statistics.median(mine / theirs for mine, theirs in pairs)


def report(table: Table, title: str, size: int) -> None:
    """Print both tables."""
    print(f"### {table.title}: {title}\n")
    print("| case | s | MB/s | times the limit |\n| --- | ---: | ---: | ---: |")
    for case, seconds in table.times.items():
        median = statistics.median(seconds)
        beside = _ratio(table, case, table.limit)
        print(f"| {case} | {median:.3f} | {size / median / 1e6:,.0f} | {beside:.2f} |")
    print("\n| must | beside | at most | found | |")
    print("| --- | --- | ---: | ---: | --- |")
    for case, other, bound in table.musts:
        if case in table.times and other in table.times:
            found = _ratio(table, case, other)
            held = "holds" if found <= bound else "**missed**"
            print(f"| {case} | {other} | {bound:.2f} | {found:.2f} | {held} |")
    print(flush=True)


if __name__ == "__main__":
    main()
