"""Many images over few layers, and single reads from a large layer.

Run `python benchmarks/images.py`; it makes its own images and layers, always the same,
and prints Markdown tables. Blobs are counted as they are opened, and plain bytes as
they are decoded, so those columns are the same on every machine.
"""

from __future__ import annotations

import argparse
import gzip
import io
import platform
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from ocilayers._types import Buffer, SupportsRead
from ocilayers.codec.decoder import resume
from ocilayers.codec.protocols import Checkpoint, Decoder
from ocilayers.codec.recompress import recompress
from ocilayers.image.image import Image
from ocilayers.layer import stored
from ocilayers.layer.builder import BuiltLayer, LayerBuilder
from ocilayers.layer.index import LayerIndex, index_layer
from ocilayers.layer.stored import StoredLayer
from ocilayers.limits import KIB, MIB, Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry

Indexes: TypeAlias = dict[str, LayerIndex]

READ_BYTES = 64 * KIB


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1000, help="of each layer")
    parser.add_argument(
        "--mib", type=int, default=300, help="of the large layer, plain"
    )
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()},", end=" ")
    print(f"{platform.machine()}; medians of {options.rounds} rounds\n")
    many_images(options.entries, options.rounds)
    print()
    large_layer(options.mib, options.rounds)


# --- many images


def many_images(entries: int, rounds: int) -> None:
    """Tables of time and reads, by images and by distinct layers."""
    print("| images | distinct layers | shared | blobs read | s | s, merging alone |")
    print("| ---: | ---: | --- | ---: | ---: | ---: |")
    for images, distinct in ((25, 60), (50, 60), (100, 60), (50, 30), (50, 120)):
        layers = [make_layer(n, entries) for n in range(distinct)]
        made = make_images(images, layers)
        shared = partial(read_shared, made)
        whole = measured(shared, rounds)
        opened.clear()
        indexes = read_indexes(made)
        reads = opened.total()
        merging = measured(partial(merge_all, made, indexes), rounds)
        row = f"| {images} | {distinct}"
        print(f"{row} | indexes | {reads} | {whole:.2f} | {merging:.2f} |")
        if (images, distinct) == (50, 60):
            opened.clear()
            alone = measured(partial(merge_all, made, {}), 1)
            print(f"{row} | nothing | {opened.total()} | {alone:.2f} | |")


opened: Counter[Digest] = Counter()


def make_layer(n: int, entries: int) -> BuiltLayer:
    """Files of its own, and some that other layers have as well."""
    dice = random.Random(n)
    builder = LayerBuilder()
    for i in range(entries):
        name = f"/usr/share/{'all' if i % 10 == 0 else n}/d{i // 50}/file-{i}"
        builder.file(name, dice.randbytes(500).hex().encode())
    return builder.build(level=1)


def make_images(images: int, layers: Sequence[BuiltLayer]) -> list[Image]:
    """Each has six layers: three of the ten common ones, and three others on top."""
    blobs = {layer.descriptor.digest: layer.blob for layer in layers}

    def source(descriptor: Descriptor) -> SupportsRead:
        opened[descriptor.digest] += 1
        return io.BytesIO(blobs[descriptor.digest])

    common, others = layers[:10], layers[10:]
    made: list[Image] = []
    for n in range(images):
        image = Image.empty()
        for at in range(n * 3, n * 3 + 3):
            image = image.append(common[at % len(common)])
        for at in range(n * 3, n * 3 + 3):
            image = image.append(others[at % len(others)])
        made.append(Image(image.manifest, image.config, source))
    return made


def read_indexes(images: Sequence[Image]) -> Indexes:
    """Each distinct layer, once."""
    indexes: Indexes = {}
    for image in images:
        for layer in image.layers:
            if layer.diff_id and layer.diff_id not in indexes:
                indexes[layer.diff_id] = layer.read()
    return indexes


def merge_all(images: Sequence[Image], indexes: Indexes) -> None:
    """The file system of every image."""
    for image in images:
        image.filesystem(indexes=indexes)


def read_shared(images: Sequence[Image]) -> None:
    """What a caller does who has many images."""
    merge_all(images, read_indexes(images))


# --- one large layer


def large_layer(mib: int, rounds: int) -> None:
    """What a file of 1 KiB at the end costs, by how the layer was deflated."""
    plain = make_tar(mib)
    print(
        "| gzip | first pass, s | checkpoints | index, KiB | process | last file, ms"
        " | decoded, MiB | 64 KiB anywhere, ms | at most |"
    )
    print("| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |")
    for name, blob in (
        ("by one deflater", gzip.compress(plain, 1)),
        ("with flushes", b"".join(recompress([plain], to="gzip", level=1))),
    ):
        began = time.perf_counter()
        index = index_layer(io.BytesIO(blob))
        first = time.perf_counter() - began
        raw = index.to_bytes()
        again = LayerIndex.from_bytes(raw)
        for process, known in (("this", index), ("another", again)):
            took = measured(partial(last_file, known, blob), rounds)
            counted = decoded(partial(last_file, known, blob))
            anywhere = read_anywhere(known, blob, plain)
            print(
                f"| {name} | {first:.2f} | {len(known.checkpoints)} | {len(raw) >> 10}"
                f" | {process} | {took * 1000:.1f} | {counted / MIB:.2f}"
                f" | {statistics.median(anywhere) * 1000:.1f}"
                f" | {max(anywhere) * 1000:.1f} |"
            )


def make_tar(mib: int) -> bytes:
    """Files that deflate to about half, and one of 1 KiB at the end."""
    dice = random.Random(0)
    encoder = TarEncoder()
    chunks: list[bytes] = []
    for n in range(mib):
        content = dice.randbytes(MIB // 2).hex().encode()
        chunks += encoder.feed(Entry(f"f{n}", "file", content=content))
    chunks += encoder.feed(Entry("last", "file", content=bytes(KIB)))
    return b"".join([*chunks, *encoder.finish()])


def last_file(index: LayerIndex, blob: bytes) -> None:
    """Read it."""
    layer = StoredLayer(index, lambda: io.BytesIO(blob))
    assert layer.open_content(index.entries[-1]).read(-1) == bytes(KIB)


def read_anywhere(index: LayerIndex, blob: bytes, plain: bytes) -> list[float]:
    """Seconds of CPU for 64 KiB, each time from another place and with nothing open."""
    dice = random.Random(1)
    layer = StoredLayer(index, lambda: io.BytesIO(blob))
    times: list[float] = []
    # Without checkpoints each of them reads half the layer.
    for _ in range(200 if index.checkpoints else 3):
        start = dice.randrange(len(plain) - READ_BYTES)
        began = time.process_time()
        stream = layer.plain()
        assert stream is not None
        stream.seek(start)
        found = b""
        while len(found) < READ_BYTES:
            found += stream.read(READ_BYTES - len(found))
        times.append(time.process_time() - began)
        assert found == plain[start : start + READ_BYTES]
    return times


def decoded(run: Callable[[], None]) -> int:
    """How many plain bytes come out of decoders while it runs."""
    count = 0

    class Counting:
        def __init__(self, decoder: Decoder) -> None:
            self._decoder = decoder
            self.finish = decoder.finish
            self.checkpoint = decoder.checkpoint
            self.portable_checkpoint = decoder.portable_checkpoint

        def feed(self, chunk: Buffer, /) -> Iterator[bytes]:
            nonlocal count
            for piece in self._decoder.feed(chunk):
                count += len(piece)
                yield piece

    def counting(checkpoint: Checkpoint, *, limits: Limits | None = None) -> Counting:
        return Counting(resume(checkpoint, limits=limits))

    names = vars(stored)
    names["resume"] = counting
    run()
    names["resume"] = resume
    return count


def measured(run: Callable[[], None], rounds: int) -> float:
    """The median of its time, in seconds."""
    times: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
