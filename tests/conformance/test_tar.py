"""The archives of the corpus, as Go's and CPython's readers read them."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from splits import in_every_split
from tar_blocks import contents

from conftest import shared_root
from ocilayers.errors import OCILayersError, TruncatedArchiveError
from ocilayers.tar._path import clean_path
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.framing import reassemble
from ocilayers.tar.whiteout import classify

Row: TypeAlias = dict[str, Any]

_KINDS: Final = {
    "0": Kind.FILE,
    "\0": Kind.FILE,
    "1": Kind.HARDLINK,
    "2": Kind.SYMLINK,
    "3": Kind.CHAR,
    "4": Kind.BLOCK,
    "5": Kind.DIRECTORY,
    "6": Kind.FIFO,
    "7": Kind.FILE,
    "D": Kind.DIRECTORY,
    "S": Kind.FILE,
}
#: Longest content that is looked at, in bytes.
LARGE: Final = 1 << 28

#: Where the two judges differ: whom we follow, and why.
CHOICES: Final = {
    "cpython/testtar.tar": ("go", "global records are ignored, as engines do"),
    "go-archive-tar/gnu-incremental.tar": (
        "go",
        "a GNU header has times where ustar has a prefix",
    ),
    "go-archive-tar/gnu-multi-hdrs.tar": ("go", "of two long names the last counts"),
    "go-archive-tar/pax-multi-hdrs.tar": ("go", "of two PAX headers the last counts"),
    "go-archive-tar/pax-bad-hdr-large.tar.bz2": (
        "go",
        "extension headers have a limit",
    ),
    "go-archive-tar/pax-bad-mtime-file.tar": ("go", "a number that is none is refused"),
    "go-archive-tar/pax-global-records.tar": (
        "go",
        "global records are ignored, as engines do",
    ),
    "go-archive-tar/pax-nil-sparse-data.tar": (
        "go",
        "a sparse file is as long as its content",
    ),
    "go-archive-tar/pax-nil-sparse-hole.tar": (
        "go",
        "a sparse file is as long as its content",
    ),
    "go-archive-tar/pax-sparse-big.tar": (
        "go",
        "a sparse file is as long as its content",
    ),
    "go-archive-tar/pax-nul-path.tar": ("go", "no path holds a NUL"),
    "go-archive-tar/pax-nul-xattrs.tar": ("go", "no key holds a NUL"),
    "go-archive-tar/pax-path-hdr.tar": (
        "python",
        "an extension header at the very end is a cut member",
    ),
    "writers/git-archive.tar.gz": ("python", "a global header is no entry"),
    "writers/umoci-insert.tar.gz": ("go", "the last padding may be missing"),
}


def _archives() -> list[Path]:
    root = shared_root()
    if root is None:
        return []
    return sorted(
        path
        for path in (root / "corpus/tars").rglob("*")
        # What was compressed with zstd, the judges read as it is: not as a tar.
        if path.is_file() and path.suffix not in {".jsonl", ".zst"}
    )


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _tar(path: Path) -> bytes:
    unpack = {".gz": gzip.decompress, ".bz2": bz2.decompress}.get(path.suffix, bytes)
    return unpack(path.read_bytes())


def _verdict(path: Path, judge: str) -> Row:
    lines = (path.parent / f"oracle.{judge}.jsonl").read_text("utf-8").splitlines()
    rows: list[Row] = [json.loads(line) for line in lines]
    return next(row for row in rows if row["file"] == path.name)


def _bytes(value: str | dict[str, str]) -> str:
    if isinstance(value, str):
        return value
    return base64.b64decode(value["b64"]).decode("utf-8", "surrogateescape")


def _row(found: Row, flag: str, mtime: object) -> Row:
    kind = _KINDS[flag]
    path, kind = classify(clean_path(_bytes(found["name"])), kind)
    links = kind in {Kind.SYMLINK, Kind.HARDLINK}
    return {
        "path": path,
        "kind": kind,
        "mode": int(found["mode"], 8) & 0o7777,
        "uid": found["uid"],
        "gid": found["gid"],
        "user": found.get("uname", ""),
        "group": found.get("gname", ""),
        "mtime": mtime,
        "size": found["size"] if kind is Kind.FILE else 0,
        "target": _bytes(found.get("linkname", "")) if links else None,
    }


def _go(verdict: Row) -> list[Row]:
    rows: list[Row] = []
    before = ""
    for found in verdict["entries"]:
        flag, after, before = found["typeflag"], before, found["typeflag"]
        if flag in {"g", "X"}:
            continue
        row = _row(found, flag, tuple(found["mtime"]))
        if after == "X":
            # The one thing that the Solaris header says, and Go does not hear.
            del row["mtime"]
        if row["kind"] in {Kind.CHAR, Kind.BLOCK}:
            row["device"] = tuple(found.get("dev", (0, 0)))
        row["xattrs"] = {
            key.removeprefix("SCHILY.xattr."): _bytes(value)
            for key, value in found.get("pax", {}).items()
            if key.startswith("SCHILY.xattr.")
        }
        if row["kind"] is Kind.FILE and found.get("read", LARGE) < LARGE:
            row["sha256"] = found["sha256"]
        rows.append(row)
    return rows


def _python(verdict: Row) -> list[Row]:
    rows: list[Row] = []
    for found in verdict["entries"]:
        row = _row(found, found["type"], float(found["mtime"]))
        if row["kind"] is Kind.FILE and "sha256" in found:
            row["sha256"] = found["sha256"]
        rows.append(row)
    return rows


def _ours(data: bytes, judge: str) -> tuple[list[Row], OCILayersError | None]:
    decoder = TarDecoder()
    error = None
    rows: list[Row] = []
    events: list[Entry | bytes] = []
    try:
        events += decoder.feed(data)
        events += decoder.finish()
    except OCILayersError as caught:
        error = caught
    digests: list[Any] = []
    for event in events:
        if isinstance(event, bytes):
            # Sixty gigabytes of zeros need not be hashed.
            if rows[-1]["size"] <= LARGE:
                digests[-1].update(event)
            continue
        seconds, nanos = divmod(event.mtime_ns, 10**9)
        rows.append(
            {
                "path": event.path,
                "kind": event.kind,
                "mode": event.mode,
                "uid": event.uid,
                "gid": event.gid,
                "user": event.user,
                "group": event.group,
                "mtime": (seconds, nanos) if judge == "go" else event.mtime_ns / 10**9,
                "size": event.size,
                "target": event.target,
                "device": event.device,
                "xattrs": {
                    key: value.decode("utf-8", "surrogateescape")
                    for key, value in event.xattrs.items()
                },
            }
        )
        digests.append(hashlib.sha256())
    for row, digest in zip(rows, digests, strict=True):
        row["sha256"] = digest.hexdigest()
    return rows, error


def _differing(ours: list[Row], judged: list[Row]) -> list[tuple[Row, Row]]:
    """Pairs that differ in anything the judge speaks of."""
    assert [row["path"] for row in ours] == [row["path"] for row in judged]
    return [
        (one, other)
        for one, other in zip(ours, judged, strict=True)
        if {key: one[key] for key in other} != other
    ]


def _judged() -> list[Any]:
    return [
        pytest.param(path, judge, id=f"{_name(path)}, {judge}")
        for path in _archives()
        for judge in ("go", "python")
        if CHOICES.get(_name(path), (judge, ""))[0] == judge
    ]


@pytest.mark.parametrize(("path", "judge"), _judged())
def test_an_archive_is_read_as_its_judges_read_it(path: Path, judge: str) -> None:
    """Both where they agree, and the chosen one where they do not."""
    verdict = _verdict(path, judge)
    judged = (_go if judge == "go" else _python)(verdict)
    ours, error = _ours(_tar(path), judge)

    assert (error is None) == (verdict.get("error") is None), (error, verdict)
    if error is None or isinstance(error, TruncatedArchiveError):
        assert _differing(ours[: len(judged)], judged) == []


@pytest.mark.parametrize("path", _archives(), ids=_name)
def test_a_split_changes_nothing(path: Path) -> None:
    """Entries, findings and errors."""
    data = _tar(path)
    outcomes = set()
    for chunks in in_every_split(data, random_cuts=2):
        decoder = TarDecoder(content=False)
        entries: list[Entry | bytes] = []
        error = ""
        try:
            for chunk in chunks:
                entries += decoder.feed(chunk)
            entries += decoder.finish()
        except OCILayersError as caught:
            error = f"{type(caught)} {caught}"
        outcomes.add((tuple(entries), decoder.findings, error))

    assert len(outcomes) == 1


def _events(path: Path) -> tuple[TarDecoder, list[Entry | bytes]]:
    """All of an archive; nothing where it is refused or stands for gigabytes."""
    decoder = TarDecoder(framing=True)
    try:
        events = [*decoder.feed(_tar(path)), *decoder.finish()]
    except OCILayersError:
        return decoder, []
    return decoder, [] if decoder.framing.content_size > LARGE else events


@pytest.mark.parametrize("path", _archives(), ids=_name)
def test_what_can_be_read_is_put_together_bit_for_bit(path: Path) -> None:
    """Whoever wrote it, and whatever is wrong with it."""
    decoder, events = _events(path)
    held = [event for event in events if isinstance(event, bytes)]

    assert events == [] or b"".join(reassemble(decoder.framing, held)) == _tar(path)


@pytest.mark.parametrize("path", _archives(), ids=_name)
def test_what_is_read_can_be_written_and_read_again(path: Path) -> None:
    """As the same entries, with the same content, and nothing to find."""
    _, events = _events(path)
    # A root that is a file has no place in a layer.
    events = [] if Entry(".", "file", 0) in events else events
    encoder = TarEncoder()
    decoder = TarDecoder()
    again = [
        found
        for event in events
        for chunk in encoder.feed(event)
        for found in decoder.feed(chunk)
    ]
    for chunk in encoder.finish():
        again += decoder.feed(chunk)

    assert [event for event in events if isinstance(event, Entry)] == [
        event for event in again if isinstance(event, Entry)
    ]
    assert contents(events) == contents(again)
    assert decoder.findings == ()


def test_the_layer_of_umoci_insert_is_read_to_its_end(shared: Path) -> None:
    """Without the last padding and without an end."""
    data = _tar(shared / "corpus/tars/writers/umoci-insert.tar.gz")
    decoder = TarDecoder()
    events = decoder.feed(data)
    decoder.finish()

    assert sum(isinstance(event, Entry) for event in events) == 39
    assert len(data) == 442_881
    assert ["tar-padding-missing"] == [finding.code for finding in decoder.findings]
