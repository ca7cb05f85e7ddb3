"""Write images of many kinds, let tools take them, and print what they make of them.

    python tests/differential/load_written.py

Needs root, the shared folder, and the tools; a tool that is missing is left out. The
Docker engine of Debian's `docker.io` is started and stopped. Exits with 1 if a tree
differs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TypeAlias

sys.path.append(str(Path(__file__).resolve().parent.parent))

from docker_engine import Engine, docker_differences, docker_engine
from written_images import (
    KINDS,
    REF,
    ToolError,
    Tools,
    Written,
    run,
    tree,
    walker,
)

SHARED = Path(
    os.environ.get("OCILAYERS_SHARED", Path(__file__).resolve().parents[3] / "shared")
)
ORACLE = SHARED / "tools" / "overlay_oracle.py"

VERSIONS: Mapping[str, tuple[str, ...]] = {
    "skopeo": ("skopeo", "--version"),
    "umoci": ("umoci", "--version"),
    "buildah": ("buildah", "--version"),
    "podman": ("podman", "--version"),
    "docker": ("dockerd", "--version"),
}

Trial: TypeAlias = Callable[[Written], str]
"""Lets a tool take an image; what came of it."""

_FORMS = ("new", "old")


def trials(tools: Tools, stack: ExitStack) -> Iterator[tuple[str, str, Trial]]:
    """Every tool, and everything that it is asked to do.

    Yields:
        What to call it, the program that it takes, and what asks it.
    """
    yield "skopeo inspect", "skopeo", partial(_inspected, tools)
    yield "skopeo copy, layout", "skopeo", partial(_copied, tools, None)
    for form in _FORMS:
        yield f"skopeo copy, {form}", "skopeo", partial(_copied, tools, form)
    yield "umoci unpack", "umoci", partial(_unpacked, tools)
    yield "buildah from", "buildah", partial(_built_from, tools)
    for form in _FORMS:
        yield f"podman load, {form}", "podman", partial(_podman, tools, form)
    if shutil.which("dockerd"):
        engine = stack.enter_context(docker_engine(ORACLE, tools.folder))
        for form in _FORMS:
            yield f"docker load, {form}", "dockerd", partial(_docker, engine, form)


def _inspected(tools: Tools, written: Written) -> str:
    same = tools.skopeo_inspect(written.oci) == written.digest
    return "same digest" if same else "DIFFERS"


def _copied(tools: Tools, form: str | None, written: Written) -> str:
    to = tools.folder / "copied"
    source = f"docker-archive:{_archive(written, form)}:{REF}" if form else written.oci
    try:
        tools.skopeo_copy(source, f"oci:{to}:1")
    finally:
        shutil.rmtree(to, ignore_errors=True)
    return "taken"


def _unpacked(tools: Tools, written: Written) -> str:
    return _told(tree(written.image, tools.umoci(written.layout), files=True))


def _built_from(tools: Tools, written: Written) -> str:
    return _told(tree(written.image, tools.buildah(written.oci), files=True))


def _podman(tools: Tools, form: str, written: Written) -> str:
    answer = tools.podman(_archive(written, form))
    return _told(tree(written.image, answer, files=True))


def _docker(engine: Engine, form: str, written: Written) -> str:
    answer = engine.load(_archive(written, form).read_bytes(), REF)
    if "error" in answer:
        raise ToolError(answer["detail"])
    return _told(docker_differences(written.image.filesystem(), answer))


def _archive(written: Written, form: str) -> Path:
    return written.new if form == "new" else written.old


def _told(found: list[str]) -> str:
    return f"DIFFERS: {found[0]}" if found else "same tree"


def outcome(trial: Trial, written: Written) -> str:
    """What came of it, in a line."""
    try:
        said = trial(written)
    except ToolError as refusal:
        said = f"refused: {refusal}"
    return " ".join(said.split()).replace("|", "/")


def main() -> int:
    """Print a table of kinds and tools."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    differs = False
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        # No tool takes every temporary name for a part of a reference.
        folder = Path(name) / "work"
        folder.mkdir()
        tools = Tools(walker(ORACLE), folder)
        asked = {
            name: trial
            for name, program, trial in trials(tools, stack)
            if shutil.which(program)
        }
        for tool, words in VERSIONS.items():
            version = run(*words).strip() if shutil.which(words[0]) else "not here"
            print(f"- {tool}: {version}")
        print("", f"| kind | {' | '.join(asked)} |", sep="\n")
        print("|" + " --- |" * (len(asked) + 1))
        for n, (kind, make) in enumerate(KINDS.items()):
            written = Written.store(make(), folder / f"kind{n}")
            cells = [outcome(trial, written) for trial in asked.values()]
            differs = differs or any(cell.startswith("DIFFERS") for cell in cells)
            print(f"| {kind} | {' | '.join(cells)} |", flush=True)
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
