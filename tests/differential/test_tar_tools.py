"""What the encoder writes, as GNU tar, bsdtar and Go read it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import marker_name

pytestmark = pytest.mark.differential

GO_PROGRAM = Path(__file__).resolve().parents[2] / "benchmarks/tar_list.go"

#: GNU tar 1.34 says that it does not know POSIX's `hdrcharset` and libarchive's own
#: records, reads on, and finds times before the epoch old.
HARMLESS = re.compile(
    rb"Ignoring unknown extended header keyword '(hdrcharset|LIBARCHIVE)"
    rb"|implausibly old time stamp"
)

SECOND = 10**9
ENTRIES = [
    Entry(".", "directory", 0o755, mtime_ns=SECOND),
    Entry("d", "directory", 0o1777, 1, 2, "root", "wheel", 10 * SECOND),
    Entry(
        "d/file", "file", 0o4755, content=b"x" * 700, mtime_ns=1_623_023_914 * SECOND
    ),
    Entry("d/empty", "file", 0o600),
    Entry("d/link", "symlink", target="../file"),
    Entry("d/hard", "hardlink", target="d/file"),
    Entry("d/null", "char", device=(1, 3)),
    Entry("d/sda", "block", device=(259, 70_000)),
    Entry("d/pipe", "fifo"),
    Entry("d/gone", "whiteout"),
    Entry("d", "opaque"),
    Entry("p" * 150 + "/" + "n" * 100, "file", content=b"prefix"),
    Entry("n" * 200, "file", content=b"long"),
    Entry("m" * 200, "directory"),
    Entry("ä\n\\", "file", content=b"letters"),
    Entry("\udcff", "file", content=b"byte"),
    Entry("t", "symlink", target="t" * 200),
    Entry("u", "symlink", target="\udcffä"),
    Entry("h", "hardlink", target="n" * 200),
    Entry("owner", "file", 0o644, 3_000_000, 4_000_000_000, "ö", "g" * 40),
    Entry("now", "file", mtime_ns=1_623_023_914_123_456_789),
    Entry("half", "file", mtime_ns=1_500_000_000),
    Entry("old", "file", mtime_ns=-1_500_000_000),
    Entry("late", "file", mtime_ns=(8**11 + 5) * SECOND),
    Entry("xattr", "file", xattrs={"user.k": b"\xff\0\n=", "user.e": b"v"}),
    Entry("last", "file", content=b"y" * 1024),
]
#: What Go does not know, or does not keep.
ELSEWHERE = [Entry("eq", "file", xattrs={"user.a=b": b"v"}, content=b"z")]


def _written(path: Path, entries: list[Entry]) -> Path:
    encoder = TarEncoder()
    chunks = [chunk for entry in entries for chunk in encoder.feed(entry)]
    path.write_bytes(b"".join(chunks + encoder.finish()))
    return path


def _run(*command: str | Path) -> bytes:
    environment = os.environ | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    told = [line for line in done.stderr.splitlines() if not HARMLESS.search(line)]

    assert told == []
    return done.stdout


def _name(entry: Entry) -> bytes:
    name = "./" if entry.path == "." else marker_name(entry.path, entry.kind)
    slash = "/" * (entry.kind is Kind.DIRECTORY and name != "./")
    return os.fsencode(name + slash)


@pytest.fixture
def program(tmp_path: Path) -> Callable[[Path], list[dict[str, Any]]]:
    """Go's own reader."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("go is not installed")
    built = tmp_path / "tar_list"
    environment = os.environ | {
        "GOCACHE": str(tmp_path / "cache"),
        "GO111MODULE": "off",
    }
    subprocess.run([go, "build", "-o", built, GO_PROGRAM], check=True, env=environment)
    return lambda tar: [
        json.loads(line) for line in _run(built, "-json", tar).splitlines()
    ]


def test_go_reads_all_of_it(
    program: Callable[[Path], list[dict[str, Any]]], tmp_path: Path
) -> None:
    """The reader of Docker, containerd and umoci: every field of every entry."""
    rows = program(_written(tmp_path / "layer.tar", ENTRIES))
    found = [
        {
            "name": base64.b64decode(row["name"]),
            "mode": row["mode"] & 0o7777,
            "owner": (row["uid"], row["gid"]),
            "user": base64.b64decode(row["user"]).decode(),
            "group": base64.b64decode(row["group"]).decode(),
            "mtime_ns": row["mtime"][0] * SECOND + row["mtime"][1],
            "size": row["size"],
            "link": base64.b64decode(row["link"]),
            "device": tuple(row["device"]),
            "xattrs": {
                key: base64.b64decode(value) for key, value in row["xattrs"].items()
            },
            "sha256": row["sha256"],
        }
        for row in rows
    ]

    assert found == [
        {
            "name": _name(entry),
            "mode": entry.mode,
            "owner": (entry.uid, entry.gid),
            "user": entry.user,
            "group": entry.group,
            "mtime_ns": entry.mtime_ns,
            "size": entry.size,
            "link": os.fsencode(entry.target or ""),
            "device": entry.device or (0, 0),
            "xattrs": dict(entry.xattrs),
            "sha256": hashlib.sha256(entry.content or b"").hexdigest(),
        }
        for entry in ENTRIES
    ]


@pytest.mark.parametrize("tool", ["tar", "bsdtar"])
def test_a_tool_lists_all_names(tool: str, tmp_path: Path) -> None:
    """Without a word of complaint."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    path = _written(tmp_path / "layer.tar", ENTRIES + ELSEWHERE)
    quoting = ["--quoting-style=literal"] if tool == "tar" else []
    listed = _run(tool, "-tf", path, *quoting)

    if tool == "tar":
        assert listed == b"".join(_name(entry) + b"\n" for entry in ENTRIES + ELSEWHERE)
    else:
        # It writes what is no plain letter as an escape.
        assert listed.count(b"\n") == len(ENTRIES + ELSEWHERE)


@pytest.mark.parametrize("tool", ["tar", "bsdtar"])
def test_a_tool_unpacks_what_was_written(tool: str, tmp_path: Path) -> None:
    """Content, modes, times to the nanosecond, targets and links."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    kept = [
        entry
        for entry in ENTRIES + ELSEWHERE
        if entry.kind not in {Kind.CHAR, Kind.BLOCK}
        if entry.path not in {".", "xattr", "eq", "late"}
    ]
    path = _written(tmp_path / "layer.tar", kept)
    root = tmp_path / "root"
    root.mkdir()
    _run(tool, "-xpf", path, "-C", root, "--no-same-owner")

    for entry in kept:
        made = root / os.fsdecode(_name(entry))
        status = made.lstat()
        if entry.kind is Kind.SYMLINK:
            assert str(made.readlink()) == entry.target
        elif entry.kind is Kind.HARDLINK:
            assert status.st_ino == (root / (entry.target or "")).stat().st_ino
        else:
            assert status.st_mode & 0o7777 == entry.mode
            # Before the epoch bsdtar 3.6 adds the fraction instead of taking it away.
            assert status.st_mtime_ns == entry.mtime_ns or (
                (tool, entry.path) == ("bsdtar", "old")
            )
        if entry.kind is Kind.FILE:
            assert made.read_bytes() == (entry.content or b"")
