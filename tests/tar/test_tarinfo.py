"""Entries as tarfile knows them, and back."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile

import pytest
from tar_blocks import END, member, pax

from ocilayers.errors import PathEscapeError, TarError, UnsupportedEntryError
from ocilayers.tar.entry import Entry

SAMPLES = [
    Entry(".", "directory"),
    Entry("d", "directory", 0o1777, 1, 2, "u", "g", 10**18),
    Entry("d/f", "file", size=5),
    Entry("d/l", "symlink", target="f"),
    Entry("d/h", "hardlink", target="d/f"),
    Entry("d/c", "char", device=(1, 3)),
    Entry("d/b", "block", device=(8, 1)),
    Entry("d/p", "fifo"),
    Entry("d/gone", "whiteout"),
    Entry("d", "opaque"),
    Entry("ä\udcff", "file", user="ö", uid=3_000_000),
    Entry("ns", "file", mtime_ns=1_623_023_914_123_456_789),
    Entry("old", "file", mtime_ns=-1_500_000_001),
    Entry("x", "file", xattrs={"user.k": b"\xff\0=", "user.a=b": b""}),
    Entry("w", "file", records={"MSWINDOWS.fileattr": b"32"}),
]


@pytest.mark.parametrize(
    "entry", SAMPLES, ids=[f"{n} {entry.kind}" for n, entry in enumerate(SAMPLES)]
)
def test_an_entry_survives_the_way_there_and_back(entry: Entry) -> None:
    """As a TarInfo, and as a tar that tarfile wrote."""
    info = entry.to_tarinfo()
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(bytes(entry.size)))
    target.seek(0)
    with tarfile.open(fileobj=target) as archive:
        found = [Entry.from_tarinfo(found) for found in archive]

    assert entry == Entry.from_tarinfo(info)
    assert [entry] == found


def test_what_tarfile_read_knows_where_its_content_is() -> None:
    """A TarInfo made by hand does not."""
    tar = member(b"a", b"x") + member(b"b", b"y") + END
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        found = [Entry.from_tarinfo(info) for info in archive]

    assert [entry.offset for entry in found] == [512, 1536]
    assert Entry.from_tarinfo(tarfile.TarInfo("a")).offset is None


def test_a_sparse_file_has_the_size_of_its_content() -> None:
    """And stands nowhere in one piece."""
    records = {b"GNU.sparse.map": b"0,1", b"GNU.sparse.numblocks": b"1"}
    tar = pax(records | {b"GNU.sparse.size": b"9"}) + member(b"a", b"x") + END
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        entry = Entry.from_tarinfo(archive.getmembers()[0])

    assert (entry.size, entry.offset) == (9, None)


@pytest.mark.parametrize(
    ("mtime", "text", "expected"),
    [
        pytest.param(5, None, 5 * 10**9, id="whole"),
        pytest.param(1.5, None, 15 * 10**8, id="float"),
        pytest.param(-0.5, None, -5 * 10**8, id="negative"),
        pytest.param(1.25, "1.250000000", 125 * 10**7, id="text says the same"),
        pytest.param(0, "1.25", 0, id="set anew"),
        pytest.param(7, "nonsense", 7 * 10**9, id="text is none"),
    ],
)
def test_a_time_is_as_exact_as_it_is_known(
    mtime: float, text: str | None, expected: int
) -> None:
    """Whoever sets it anew means that."""
    info = tarfile.TarInfo("a")
    info.mtime = mtime
    info.pax_headers = {} if text is None else {"mtime": text}

    assert Entry.from_tarinfo(info).mtime_ns == expected


def test_a_time_that_is_none_is_refused() -> None:
    """Tarfile reads `inf` as one."""
    info = tarfile.TarInfo("a")
    info.mtime = float("inf")

    with pytest.raises(TarError, match="time"):
        Entry.from_tarinfo(info)


def test_what_has_no_place_in_a_layer_is_refused() -> None:
    """By its type or by its name."""
    info = tarfile.TarInfo("a")
    info.type = b"V"
    with pytest.raises(UnsupportedEntryError):
        Entry.from_tarinfo(info)
    with pytest.raises(PathEscapeError):
        Entry.from_tarinfo(tarfile.TarInfo("../a"))


def test_fields_win_over_the_records_they_came_from() -> None:
    """Tarfile has read those already, and the caller may have changed them."""
    info = tarfile.TarInfo("new")
    info.pax_headers = {"path": "old", "uid": "7", "GNU.sparse.name": "other"}

    assert Entry.from_tarinfo(info) == Entry("new", "file")


def test_tarfile_is_imported_by_who_asks_for_it() -> None:
    """Nobody else pays for it."""
    code = "import ocilayers.tar, sys; sys.exit('tarfile' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603

    assert done.returncode == 0
