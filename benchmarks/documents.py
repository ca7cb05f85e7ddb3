"""Reading manifests and configs: `parse` beside its peers and beside `json.loads`.

Run `python benchmarks/documents.py`; it makes its own documents, always the same, and
prints a Markdown table. Every case is a process of its own, since one peer ends the
process that it is asked to read in. In it the case and `json.loads` take turns; what
counts is the median of the ratios of all rounds of all processes. Peers that are not
installed are left out. `python -m pip install aioregistry containerimage-py
opencontainers oras` gets them.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from itertools import cycle
from typing import Any

OCI = "application/vnd.oci.image"
STEPS = ("apt-get update && apt-get install -y curl", "pip install .", "make -j4")
DISTINCT = 500

Reader = Callable[[bytes], object]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="processes of each case")
    parser.add_argument("--case", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        print(json.dumps(measured(*options.case)))
        return
    print(f"{platform.python_implementation()} {platform.python_version()},", end=" ")
    print(f"{platform.machine()}; medians of {options.rounds} processes of each case\n")
    results: dict[tuple[str, str], list[tuple[float, float]] | str] = {}
    for _ in range(options.rounds):
        for name in READERS:
            for document in DOCUMENTS:
                run(name, document, results)
    report(results)


# --- documents


def manifest(layers: int, seed: int = 0, *, annotated: bool = False) -> bytes:
    """A manifest of some layers, as BuildKit writes it."""

    def descriptor(kind: str, place: int) -> dict[str, Any]:
        found: dict[str, Any] = {
            "mediaType": f"{OCI}.{kind}",
            "digest": digest(seed, place),
            "size": 1000 * place + 7,
        }
        if annotated:
            key = "org.opencontainers.image"
            found["annotations"] = {f"{key}.title": f"layer {place}", f"{key}.x": "y"}
        return found

    value = {
        "schemaVersion": 2,
        "mediaType": f"{OCI}.manifest.v1+json",
        "config": descriptor("config.v1+json", 0),
        "layers": [
            descriptor("layer.v1.tar+gzip", place) for place in range(1, layers + 1)
        ],
    }
    return compact(value)


def config(steps: int, seed: int = 0, *, docker: bool = False) -> bytes:
    """A config of some steps, every other one with a layer; or Docker's own."""
    filled = [step for step in range(steps) if step % 2]
    history = [
        {
            "created": f"2021-06-07T{step % 24:02}:07:31.{224378431 + seed:09}Z",
            "created_by": f"RUN /bin/sh -c {STEPS[step % 3]} # {step} buildkit",
            "comment": "buildkit.dockerfile.v0",
            **({} if step % 2 else {"empty_layer": True}),
        }
        for step in range(steps)
    ]
    settings: dict[str, Any] = {
        "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "A=1"],
        "Cmd": ["/bin/sh"],
        "Labels": {"maintainer": "someone", "version": "1"},
        "WorkingDir": "/srv",
    }
    value: dict[str, Any] = {
        "architecture": "amd64",
        "config": settings,
        "created": "2021-06-07T01:07:31.224378431Z",
        "history": history,
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [digest(seed, s) for s in filled]},
    }
    if docker:
        nothing: dict[str, Any] = {"Hostname": "", "User": "", "Tty": False}
        nothing |= {"Volumes": None, "Entrypoint": None, "OnBuild": None}
        value["config"] = {**nothing, **settings}
        value["container_config"] = {**nothing, **settings, "Image": digest(seed, 99)}
        value["docker_version"] = "20.10.2"
    return compact(value)


def digest(seed: int, place: int) -> str:
    """A digest of nothing."""
    return f"sha256:{sha256(f'{seed} {place}'.encode()).hexdigest()}"


def compact(value: object) -> bytes:
    """JSON as Go writes it."""
    return json.dumps(value, separators=(",", ":")).encode()


DOCUMENTS: dict[str, Callable[[int], bytes]] = {
    "manifest of 8 layers": lambda seed: manifest(8, seed),
    "manifest of 20 annotated layers": lambda seed: manifest(20, seed, annotated=True),
    "Docker config of 8 steps": lambda seed: config(8, seed, docker=True),
    "config of 60 steps": lambda seed: config(60, seed),
}


# --- readers


def ours(document: str) -> Reader:
    """`ocilayers`: models, checked, the bytes kept."""
    parse = import_module("ocilayers.wire.parse")
    is_manifest = document.startswith("manifest")
    reader: Reader = parse.parse_manifest if is_manifest else parse.parse_config
    return reader


def aioregistry(document: str) -> Reader:
    """Manifests alone, with pydantic."""
    read = import_module("aioregistry.models").Manifest.parse
    return not_read if "config" in document else lambda raw: read(json.loads(raw))


def containerimage(document: str) -> Reader:
    """Dictionaries, checked with jsonschema."""
    if "config" in document:
        read = import_module("image.config").ContainerImageConfig
        return lambda raw: read(json.loads(raw))
    factory = import_module("image.manifestfactory").ContainerImageManifestFactory
    reader: Reader = factory.create_oci_manifest
    return reader


def opencontainers(document: str) -> Reader:
    """Its own checks; without `mediaType`, at which it ends the process."""
    if "config" in document:
        image = import_module("opencontainers.image.v1").Image
        return lambda raw: image().load(json.loads(raw))
    read = import_module("opencontainers.image.v1").Manifest

    def without_media_type(raw: bytes) -> object:
        value = json.loads(raw)
        del value["mediaType"]
        return read().load(value)

    return without_media_type


def oras(document: str) -> Reader:
    """Dictionaries, manifests alone checked with jsonschema."""
    validate = import_module("jsonschema").validate
    schema = import_module("oras.schemas").manifest
    if "config" in document:
        return not_read
    return lambda raw: validate(json.loads(raw), schema)


def not_read(raw: bytes) -> object:
    """A kind of document that a peer does not read."""
    raise NotImplementedError(raw)


READERS: dict[str, tuple[str, Callable[[str], Reader]]] = {
    "ocilayers": ("ocilayers", ours),
    "ocilayers, no text twice": ("ocilayers", ours),
    "aioregistry": ("aioregistry", aioregistry),
    "containerimage-py": ("image", containerimage),
    "opencontainers": ("opencontainers", opencontainers),
    "oras": ("oras", oras),
}


# --- measuring


def run(name: str, document: str, results: dict[tuple[str, str], Any]) -> None:
    """One case in a process of its own."""
    if find_spec(READERS[name][0]) is None:
        results[name, document] = "not installed"
        return
    command = [sys.executable, __file__, "--case", name, document]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    if done.returncode or not lines or not lines[-1].startswith("["):
        reads = "NotImplementedError" not in done.stderr
        results[name, document] = "ends the process" if reads else "does not read it"
        return
    found = results.setdefault((name, document), [])
    if isinstance(found, list):
        found.append(tuple(json.loads(lines[-1])))


def measured(name: str, document: str) -> tuple[float, float]:
    """Seconds of one reading, and the ratio to `json.loads`."""
    make, reader = DOCUMENTS[document], READERS[name][1](document)
    distinct = DISTINCT if "twice" in name else 1
    documents = [make(seed) for seed in range(distinct)]
    texts = [raw.decode() for raw in documents]
    # Once for what is imported and written on first use, once for the time it takes.
    reader(documents[0])
    number = max(distinct, int(0.02 / seconds(reader, documents, 1)))
    gc.disable()
    rounds = [
        (seconds(reader, documents, number), seconds(json.loads, texts, number))
        for _ in range(15)
    ]
    mine = statistics.median(a for a, _ in rounds) / number
    return mine, statistics.median(a / b for a, b in rounds)


def seconds(read: Callable[[Any], object], documents: list[Any], number: int) -> float:
    """How long it takes to read so many of these documents."""
    chosen = [raw for raw, _ in zip(cycle(documents), range(number), strict=False)]
    start = time.perf_counter()
    for raw in chosen:
        read(raw)
    return time.perf_counter() - start


def report(results: dict[tuple[str, str], Any]) -> None:
    """Print the table."""
    print("| µs, and times `json.loads` |", " | ".join(DOCUMENTS), "|")
    print("| --- |", " | ".join("---:" for _ in DOCUMENTS), "|")
    for name in READERS:
        cells: list[str] = []
        for document in DOCUMENTS:
            found = results[name, document]
            if isinstance(found, str):
                cells.append(found)
                continue
            mine, ratio = map(statistics.median, zip(*found, strict=True))
            cells.append(f"{mine * 1e6:.1f}, {ratio:.2f}")
        print(f"| {name} |", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
