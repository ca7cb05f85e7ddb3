"""The whole job: from the stored blobs of an image to its verified, merged tree.

Run `python benchmarks/whole.py`; it makes an image of its own, always the same, or
takes an OCI layout with one image (`--layout FOLDER`). Every case is a process of its
own, started by turns; time, CPU and memory are those of the process and its children,
memory at least that of this script.
Commands that unpack write to a folder in memory, if there is one.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import attrs

import ocilayers
from ocilayers.image.image import Image
from ocilayers.layer.builder import LayerBuilder

HERE = Path(__file__).resolve().parent
EPOCH = 1_600_000_000

US = """
import sys, pathlib
from concurrent.futures import ThreadPoolExecutor
how, content, root = sys.argv[1:]
if "fast" not in how:
    sys.modules["isal"] = None
import ocilayers
image = ocilayers.open_layout(pathlib.Path(root))
with ThreadPoolExecutor(2) as pool:
    fs = image.filesystem(content=content, executor=pool if "threads" in how else None)
print(len(fs))
"""

START = "import sys; sys.modules['isal'] = None; import ocilayers.archive"

INFLATE = """
import sys, pathlib, zlib
root = pathlib.Path(sys.argv[1])
for path in (root / "blobs" / "sha256").iterdir():
    with path.open("rb") as file:
        if file.read(2) != b"\\x1f\\x8b":
            continue
        file.seek(0)
        inflate = zlib.decompressobj(31)
        while chunk := file.read(1 << 18):
            while chunk:
                inflate.decompress(chunk, 1 << 17)
                chunk = inflate.unconsumed_tail
"""

TARFILE = """
import sys, pathlib, json, hashlib, tarfile, gzip
root = pathlib.Path(sys.argv[1])
def blob(digest): return root / "blobs" / digest.replace(":", "/")
class Hashed:
    def __init__(self, file): self.file, self.hash = file, hashlib.sha256()
    def read(self, n=-1):
        data = self.file.read(n); self.hash.update(data); return data
index = json.loads((root / "index.json").read_text())
manifest = json.loads(blob(index["manifests"][0]["digest"]).read_text())
config = json.loads(blob(manifest["config"]["digest"]).read_text())
def stays(path):
    if path in gone: return False
    while "/" in path:
        path = path.rpartition("/")[0]
        if path in gone or path in emptied: return False
    return True
tree = {}
for layer, diff_id in zip(manifest["layers"], config["rootfs"]["diff_ids"]):
    with blob(layer["digest"]).open("rb") as file:
        stored = Hashed(file)
        plain = Hashed(gzip.GzipFile(fileobj=stored))
        added, gone, emptied = {}, set(), set()
        with tarfile.open(fileobj=plain, mode="r|") as tar:
            for member in tar:
                folder, _, name = member.name.rpartition("/")
                if name == ".wh..wh..opq":
                    emptied.add(folder)
                elif name.startswith(".wh."):
                    gone.add(f"{folder}/{name[4:]}" if folder else name[4:])
                else:
                    added[member.name] = member
        if gone or emptied:
            tree = {path: member for path, member in tree.items() if stays(path)}
        tree |= added
        while plain.read(1 << 18): pass
        while stored.read(1 << 18): pass
    assert "sha256:" + stored.hash.hexdigest() == layer["digest"]
    assert "sha256:" + plain.hash.hexdigest() == diff_id
print(len(tree))
"""


@attrs.frozen
class Run:
    """What one process took."""

    seconds: float
    cpu: float
    megabytes: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layout", type=Path, help="an OCI layout with one image")
    parser.add_argument("--layers", type=int, default=10)
    parser.add_argument("--entries", type=int, default=50_000, help="of each layer")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", default="", help="only those with this in their name")
    parser.add_argument("--growth", action="store_true", help="1, 2, 4 and 8 times")
    options = parser.parse_args()
    # As pip does, so that no process compiles what it imports.
    compileall.compile_dir(Path(ocilayers.__file__).parent, quiet=1)
    print(f"{platform.python_implementation()} {platform.python_version()},", end=" ")
    print(f"{platform.machine()}, {os.cpu_count()} cores; medians of", end=" ")
    print(f"{options.rounds} interleaved rounds")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        if options.growth:
            grow(options, scratch)
            return
        layout = options.layout or make_layout(
            scratch / "image", options.layers, options.entries
        )
        found = dict(cases(layout, scratch))
        chosen = {name: found[name] for name in found if options.case in name}
        report(dict(measure(chosen, options.rounds)))


def make_layout(root: Path, layers: int, entries: int) -> Path:
    """An image whose layers add, replace and take away; the same every time."""
    dice = random.Random(1)
    image = Image.empty()
    paths: list[str] = []
    for n in range(layers):
        builder = LayerBuilder(epoch=EPOCH)
        for i in range(entries):
            if paths and i % 50 == 0:
                builder.whiteout(paths.pop(dice.randrange(len(paths))))
            elif paths and i % 10 == 0:
                builder.file(dice.choice(paths), dice.randbytes(200))
            else:
                path = f"/usr/share/p{n}-{i // 400}/d{i // 40 % 10}/file-{i}.py"
                paths.append(path)
                builder.file(path, b"import os\n" * dice.randrange(1, 80))
        image = image.append(builder.build(level=1), created_by=f"RUN {n}")
    blobs = root / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    for descriptor, data in image.blobs_written():
        (blobs / descriptor.digest.encoded).write_bytes(data)
    (root / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    named = image.manifest.descriptor()
    (root / "index.json").write_text(
        f'{{"schemaVersion":2,"manifests":[{{"mediaType":"{named.media_type}",'
        f'"digest":"{named.digest}","size":{named.size},'
        '"annotations":{"org.opencontainers.image.ref.name":"latest"}}]}'
    )
    return root


def cases(layout: Path, scratch: Path) -> Iterator[tuple[str, list[str]]]:
    """What to run, by its name."""
    python = [sys.executable, "-c"]
    yield "inflate all layers and no more", [*python, INFLATE, str(layout)]
    yield "import ocilayers.archive and no more", [*python, START]
    for how in ("plain", "plain threads", "fast", "fast threads"):
        for content in ("lazy", "none"):
            if how.startswith("fast") and content == "lazy":
                continue  # checkpoints need zlib
            yield f"ocilayers {how}, content {content}", [
                *python, US, how, content, str(layout)
            ]  # fmt: skip
    yield "tarfile, gzip and hashlib", [*python, TARFILE, str(layout)]
    if go := shutil.which("go"):
        program = scratch / "whole_go"
        build = [go, "build", "-o", str(program), str(HERE / "whole_go.go")]
        subprocess.run(build, check=True, env={**os.environ, "GO111MODULE": "off"})
        yield "Go, flattening", [str(program), str(layout)]
    if umoci := shutil.which("umoci"):
        yield "umoci unpack", [
            "sh", "-c", 'rm -rf "$2"; "$0" unpack --image "$1" "$2"',
            umoci, f"{layout}:latest", str(scratch / "bundle"),
        ]  # fmt: skip
    if skopeo := shutil.which("skopeo"):
        yield "skopeo copy (no tree)", [
            "sh", "-c", 'rm -rf "$2"; "$0" copy -q --insecure-policy "oci:$1" "dir:$2"',
            skopeo, f"{layout}:latest", str(scratch / "dir"),
        ]  # fmt: skip


def measure(
    commands: dict[str, list[str]], rounds: int
) -> Iterator[tuple[str, list[Run]]]:
    """Run each once a round."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command))
    yield from runs.items()


def run(command: list[str]) -> Run:
    """One process, to its end."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{command} failed")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def report(runs: dict[str, list[Run]]) -> None:
    """A Markdown table; ratios are to the first line."""
    first = median(next(iter(runs.values())), "seconds")
    print("\n| | s | CPU s | peak MB | x first |\n| --- | ---: | ---: | ---: | ---: |")
    for name, found in runs.items():
        seconds = median(found, "seconds")
        print(
            f"| {name} | {seconds:.2f} | {median(found, 'cpu'):.2f}"
            f" | {median(found, 'megabytes'):.0f} | {seconds / first:.2f} |"
        )


def median(runs: list[Run], name: str) -> float:
    """Of one figure."""
    return float(statistics.median(getattr(run, name) for run in runs))


def grow(options: argparse.Namespace, scratch: Path) -> None:
    """How our time and memory grow with layers and with entries."""
    print("\n| layers | entries | s | CPU s | peak MB |\n|---:|---:|---:|---:|---:|")
    sizes = [
        *((times, options.entries) for times in (1, 2, 4, 8)),
        *((2, options.entries * times // 2) for times in (1, 2, 4, 8)),
    ]
    for n, (layers, entries) in enumerate(sizes):
        layout = make_layout(scratch / str(n), layers, entries)
        command = [sys.executable, "-c", US, "plain threads", "lazy", str(layout)]
        runs = [run(command) for _ in range(options.rounds)]
        print(
            f"| {layers} | {layers * entries:,} | {median(runs, 'seconds'):.2f}"
            f" | {median(runs, 'cpu'):.2f} | {median(runs, 'megabytes'):.0f} |"
        )


if __name__ == "__main__":
    main()
