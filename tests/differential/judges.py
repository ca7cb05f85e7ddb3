"""Other people's answers, and ours in the same words.

The kernel and umoci are asked through the oracle of the shared folder, in a process
of its own: it makes a private mount namespace and needs root.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

import attrs
from layers import tar_of

from ocilayers.errors import MergeError
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.tree.node import Node
from ocilayers.tree.stack import Profile

__all__ = ["Answer", "Judge", "differences", "judge", "ours", "unavailable"]

Answer: TypeAlias = dict[str, Any]
"""What the oracle says: `entries`, `hardlinks` and `notes`, or `error`."""

_DRIVER: Final = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("oracle", sys.argv[1])
oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(oracle)
with oracle.Oracle() as judge:
    for line in sys.stdin:
        name, layers = json.loads(line)
        print(json.dumps(getattr(judge, name)(layers)), flush=True)
"""
_NAMES: Final = {Kind.DIRECTORY: "dir"}
#: Where the profile `sequential` follows no tool, as the tools do not agree.
_UNBOUND: Final = {"opaque-over-symlink", "whiteout-below-symlink"}
_FACTS: Final = (
    "type",
    "mode",
    "uid",
    "gid",
    "size",
    "sha256",
    "target",
    "dev",
    "xattrs",
    "mtime_ns",
)


@attrs.define
class Judge:
    """A running oracle."""

    oracle: Path
    process: subprocess.Popen[str]
    folder: Path

    def ask(self, name: str, stack: Sequence[Sequence[Entry]]) -> Answer:
        """What *name* (`case` for the kernel, `umoci`) makes of *stack*."""
        layers: list[str] = []
        for n, layer in enumerate(stack):
            path = self.folder / f"{n}.tar"
            path.write_bytes(tar_of(layer))
            layers.append(str(path))
        to, back = _pipes(self.process)
        to.write(json.dumps([name, layers]) + "\n")
        to.flush()
        answer: Answer = json.loads(back.readline())
        return answer


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def unavailable(oracle: Path, tool: str | None = None) -> str:
    """Why the oracle cannot be asked here; empty if it can."""
    if tool is not None and shutil.which(tool) is None:
        return f"{tool} is not installed"
    probe = subprocess.run(
        [sys.executable, str(oracle), "/dev/null"],
        capture_output=True,
        text=True,
        check=False,
    )
    if probe.returncode == 0:
        return ""
    return f"no root or no overlayfs: {probe.stderr.strip().splitlines()[-1]}"


@contextmanager
def judge(oracle: Path, folder: Path) -> Iterator[Judge]:
    """An oracle for as long as the block lasts.

    Args:
        oracle: `overlay_oracle.py`.
        folder: Where the layers are put for it.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _DRIVER, str(oracle)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Judge(oracle, process, folder)
        _pipes(process)[0].close()


def ours(fs: Filesystem) -> Answer:
    """*fs* in the oracle's words."""
    nodes = [node for node in fs.walk() if node.path != "/"]
    groups = {node.links for node in nodes if node.nlink > 1}
    return {
        "entries": {node.path[1:]: _facts(node) for node in nodes},
        "hardlinks": sorted([path[1:] for path in group] for group in groups),
    }


def _facts(node: Node) -> Answer:
    facts: Answer = {
        "type": _NAMES.get(node.kind, str(node.kind)),
        "uid": node.uid,
        "gid": node.gid,
        "mtime_ns": node.mtime_ns,
    }
    if node.kind is Kind.FILE:
        facts["size"] = node.size
        facts["sha256"] = hashlib.sha256(node.read_bytes()).hexdigest()
    if node.kind is Kind.SYMLINK:
        facts["target"] = node.target
    else:
        facts["mode"] = node.mode
    if node.device is not None:
        facts["dev"] = list(node.device)
    if node.xattrs:
        facts["xattrs"] = {name: value.hex() for name, value in node.xattrs.items()}
    return facts


def verdict(
    stack: Sequence[Sequence[Entry]], profile: Profile, answer: Answer
) -> list[str] | None:
    """Where we and *answer* differ about *stack*; None where nobody can be right.

    That is a stack that both refuse, or one that `sequential` is not bound for.
    """
    try:
        fs = merge(stack, profile=profile)
    except MergeError as error:
        return None if "error" in answer else [f"we refuse: {error}"]
    if profile == "overlay":
        return differences(fs, answer)
    if {finding.code for finding in fs.findings} & _UNBOUND:
        return None
    return differences(fs, answer, umoci=True)


def differences(fs: Filesystem, answer: Answer, *, umoci: bool = False) -> list[str]:
    """Where *fs* and *answer* differ, outside what no layer says.

    The metadata of directories without an entry is what tools invent, see the known
    ambiguities in `test_kernel.py`. Two more are umoci's own: an opaque mark makes no
    directory, and where it does make one the directory above has the present time.
    """
    if "error" in answer:
        return [f"refused: {answer['error']} {answer.get('detail')}"]
    mine, theirs = ours(fs), answer["entries"]
    notes = answer.get("notes", ())
    invented = {path for what, path in notes if what == "implicit-parent"}
    found: list[str] = []
    for path in sorted(mine["entries"].keys() | theirs.keys()):
        a, b = mine["entries"].get(path), theirs.get(path)
        if a is None or b is None:
            if not umoci or a is None or not fs[path].implied:
                found.append(f"{path}: ours {a}, theirs {b}")
            continue
        facts = ("type",) if path in invented or fs[path].implied else _FACTS
        for fact in facts:
            present = umoci and fact == "mtime_ns" and a["type"] == "dir"
            if a.get(fact) != b.get(fact) and not present:
                which = f"{path}: {fact} of a {a['type']}"
                found.append(f"{which}: ours {a.get(fact)}, theirs {b.get(fact)}")
    if mine["hardlinks"] != answer["hardlinks"]:
        found.append(f"links: ours {mine['hardlinks']}, theirs {answer['hardlinks']}")
    return found
