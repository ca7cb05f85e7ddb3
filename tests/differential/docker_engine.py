"""A Docker engine of our own, as a judge: it loads a stack, the kernel shows it.

The engine has no network and one socket, and lives in one folder for as long as the
block lasts. It needs root and Debian's `docker.io`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import subprocess
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import attrs
from judges import Answer, differences
from layers import tar_of

from ocilayers.interop.overlayfs import GraphDriver
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._paths import ancestors, clean
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.contents import Contents
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge

__all__ = [
    "KNOWN_FAULTS",
    "Engine",
    "docker_differences",
    "docker_engine",
    "docker_verdict",
]

#: What this engine is known to get wrong or to refuse, by the codes of our findings:
#: a mark beside an entry of its own layer, an opaque root, and the times of
#: directories that it makes itself.
KNOWN_FAULTS: Final = frozenset(
    {
        "whiteout-beside-entry",
        "whiteout-below-whiteout",
        "opaque-root",
        "symlinked-parent-dangles",
        "symlinked-parent-escapes",
        "duplicate-path",
    }
)

_SECONDS_TO_START: Final = 60
_NAME: Final = "judge:latest"


@attrs.define
class Engine:
    """A running engine."""

    oracle: ModuleType
    folder: Path

    def ask(self, stack: Sequence[Sequence[Entry]]) -> Answer:
        """What the engine makes of *stack*."""
        return self.load(
            _archive([tar_of(list(_as_written(layer))) for layer in stack]), _NAME
        )

    def load(self, archive: bytes, name: str) -> Answer:
        """What the engine makes of an archive in which an image is called *name*."""
        loaded = self._docker("load", stdin=archive)
        if loaded.returncode:
            return {"error": "docker", "detail": loaded.stderr.decode()[-300:]}
        try:
            found = self._docker("inspect", "--format={{json .GraphDriver}}", name)
            return self._walk(GraphDriver.parse(json.loads(found.stdout)))
        finally:
            self._docker("rmi", "--force", name)

    def _docker(
        self, *words: str, stdin: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        command = ["docker", "--host", f"unix://{self.folder}/socket", *words]
        return subprocess.run(command, input=stdin, capture_output=True, check=False)

    @staticmethod
    def _run(*words: str | Path) -> None:
        subprocess.run(words, check=True)

    def _walk(self, driver: GraphDriver) -> Answer:
        empty, merged = self.folder / "empty", self.folder / "merged"
        empty.mkdir(exist_ok=True)
        merged.mkdir(exist_ok=True)
        # Two folders at least, or the kernel mounts nothing read-only.
        lower = attrs.evolve(driver, lower=(str(empty), *driver.lower))
        options = lower.mount_options(read_only=True)
        self._run("mount", "-t", "overlay", "-o", f"ro,{options}", "overlay", merged)
        try:
            answer: Answer = self.oracle.walk(str(merged))
        finally:
            self._run("umount", merged)
        return answer


@contextmanager
def docker_engine(oracle: Path, folder: Path) -> Iterator[Engine]:
    """An engine for as long as the block lasts.

    Args:
        oracle: `overlay_oracle.py`, which walks what is mounted.
        folder: Where the engine keeps everything; on a file system that overlayfs can
            lie on.
    """
    spec = importlib.util.spec_from_file_location("oracle", oracle)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    command = [
        "dockerd",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        "--storage-driver=overlay2",
        f"--host=unix://{folder}/socket",
        f"--data-root={folder}/data",
        f"--exec-root={folder}/run",
        f"--pidfile={folder}/pid",
    ]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,
    ):
        engine = Engine(module, folder)
        try:
            _wait(engine, process)
            yield engine
        finally:
            process.terminate()


def docker_verdict(
    stack: Sequence[Sequence[Entry]], answer: Answer
) -> list[str] | None:
    """Where we and *answer* differ about *stack*; None where it is known to err."""
    fs = merge(stack)
    if {finding.code for finding in fs.findings} & KNOWN_FAULTS:
        return None
    return docker_differences(fs, answer)


def docker_differences(fs: Filesystem, answer: Answer) -> list[str]:
    """Where *fs* and *answer* differ.

    The engine makes every directory that a layer only implies anew, those above a
    mark too, so of those only the type is compared.
    """
    implied = {path for layer in fs.layers for path in _implied(layer.contents)}
    notes = [("implicit-parent", path) for path in sorted(implied)]
    return differences(fs, {**answer, "notes": notes})


def _implied(contents: Contents) -> Iterator[str]:
    """The directories of one layer that no entry of it names."""
    yield from contents.implied
    for mark in (*contents.whiteouts, *contents.opaques):
        yield from (path for path in ancestors(mark) if path not in contents.table)


def _wait(engine: Engine, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + _SECONDS_TO_START
    while engine._docker("info").returncode:
        if process.poll() is not None or time.monotonic() > ends:
            raise RuntimeError((engine.folder / "log").read_text()[-1000:])
        time.sleep(0.2)


def _as_written(layer: Sequence[Entry]) -> Iterator[Entry]:
    """*layer* with what every writer puts into a hard link: its inode's attributes.

    The engine gives them to the inode; other tools, and we, do not look at them.
    """
    links = Changeset(layer).contents.links
    for entry in layer:
        inode = links.get(clean(entry.path).path)
        if entry.kind is Kind.HARDLINK and isinstance(inode, Entry):
            yield attrs.evolve(
                entry,
                mode=inode.mode,
                uid=inode.uid,
                gid=inode.gid,
                mtime_ns=inode.mtime_ns,
            )
        else:
            yield entry


def _archive(layers: Sequence[bytes]) -> bytes:
    """*layers* as `docker save` writes them."""
    diff_ids = [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]
    config: Mapping[str, Any] = {
        "architecture": "amd64",
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    }
    names = [f"{n}/layer.tar" for n in range(len(layers))]
    manifest = [{"Config": "config.json", "RepoTags": [_NAME], "Layers": names}]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in (
            ("config.json", json.dumps(config).encode()),
            *zip(names, layers, strict=True),
            ("manifest.json", json.dumps(manifest).encode()),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()
