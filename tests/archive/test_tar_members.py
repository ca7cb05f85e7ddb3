"""The files of a tar archive, each a stream over the one file."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable

import pytest
import zstandard
from archives import tar_of_files

from ocilayers._source import read_up_to
from ocilayers.archive.members import read_member
from ocilayers.archive.tar_members import TarMembers, clean_name
from ocilayers.errors import (
    BadHeaderError,
    BlobNotFoundError,
    CodecError,
    ImageError,
    LimitExceededError,
    OCILayersError,
    PathEscapeError,
    SourceError,
    SymlinkLoopError,
    TruncatedArchiveError,
    TruncatedStreamError,
    UnsupportedEntryError,
)
from ocilayers.limits import Limits

LIMITS = Limits()
FILES = {"a": b"1" * 600, "long/" * 30 + "name": b"2", "empty": b"", "./b//c": b"3"}
NAMES = ["a", "long/" * 30 + "name", "empty", "b/c"]
CODECS: list[Callable[[bytes], bytes]] = [bytes, gzip.compress, zstandard.compress]


def members(tar: bytes, limits: Limits = LIMITS) -> TarMembers:
    """The members of *tar*."""
    return TarMembers(io.BytesIO(tar), limits=limits)


class CountingFile(io.BytesIO):
    """A file that counts what is read of it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


@pytest.mark.parametrize("compress", CODECS, ids=["plain", "gzip", "zstd"])
def test_every_file_is_had_by_its_clean_name(
    compress: Callable[[bytes], bytes],
) -> None:
    """Compressed or not."""
    found = members(compress(tar_of_files(FILES)))

    assert list(FILES.values()) == [read_member(found, n, limits=LIMITS) for n in NAMES]
    assert [True, False] == [name in found for name in ("b/c", "./b//c")]


@pytest.mark.parametrize("compress", CODECS, ids=["plain", "gzip", "zstd"])
def test_streams_that_share_the_file_do_not_disturb_each_other(
    compress: Callable[[bytes], bytes],
) -> None:
    """Each knows where it stands, and the file may be moved in between."""
    file = io.BytesIO(compress(tar_of_files({"a": b"abc", "b": b"xyz"})))
    found = TarMembers(file, limits=LIMITS)
    one, other = found.open("a"), found.open("b")
    read = b""
    for _ in range(3):
        file.seek(7)
        read += bytes(one.read(1)) + bytes(other.read(1))

    assert b"axbycz" == read
    assert b"" == bytes(one.read(1))
    assert not file.closed


def test_a_stream_can_be_sought() -> None:
    """So a checkpoint inside of a layer is reached without reading up to it."""
    stream = members(tar_of_files({"x": b"x", "a": b"abcdef"})).open("a")
    seek = stream.seek  # type: ignore[attr-defined]  # `start_at` asks for it like this

    assert 4 == seek(4)
    assert b"ef" == read_up_to(stream, 9)


def test_listing_does_not_read_what_is_listed() -> None:
    """It hops from header to header."""
    file = CountingFile(tar_of_files({"a": bytes(1 << 20), "b": bytes(1 << 20)}))

    assert "b" in TarMembers(file, limits=LIMITS)
    assert file.count < 4096


def test_the_archive_begins_at_the_start_of_the_file() -> None:
    """Wherever the file stood before."""
    file = io.BytesIO(tar_of_files({"a": b"b"}))
    file.seek(100)

    assert "a" in TarMembers(file, limits=LIMITS)


def test_the_last_member_of_a_name_counts() -> None:
    """As when the archive is extracted."""
    tar = tar_of_files({"a": b"1", "./a": b"2"})

    assert b"2" == read_member(members(tar), "a", limits=LIMITS)


def test_an_archive_may_end_without_its_mark() -> None:
    """Real ones do, even without the padding of the last file."""
    tar = tar_of_files({"a": b"1", "b": b"2"})[: 3 * 512 + 1]

    assert b"2" == read_member(members(tar), "b", limits=LIMITS)


def test_what_follows_the_end_is_not_looked_at() -> None:
    """A zero block where a header should be is the end."""
    tar = tar_of_files({"a": b"1"}) + b"garbage" * 1000

    assert b"1" == read_member(members(tar), "a", limits=LIMITS)


def test_a_member_that_is_no_file_may_have_content() -> None:
    """It is passed over."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        odd = tarfile.TarInfo("dump")
        odd.type, odd.size = b"D", 600
        tar.addfile(odd, io.BytesIO(b"x" * 600))
        tar.addfile(tarfile.TarInfo("after"))

    assert "after" in members(out.getvalue())


LINKS = [
    ("soft", "dir/a", tarfile.SYMTYPE),
    ("dir/up", "../a", tarfile.SYMTYPE),
    ("dir/beside", "a", tarfile.SYMTYPE),
    ("hard", "./dir/a", tarfile.LNKTYPE),
    ("chain", "hard", tarfile.SYMTYPE),
    ("loop", "pool", tarfile.SYMTYPE),
    ("pool", "loop", tarfile.SYMTYPE),
    ("nowhere", "x", tarfile.SYMTYPE),
    ("out", "../../etc/passwd", tarfile.SYMTYPE),
    ("hard-out", "../x", tarfile.LNKTYPE),
    ("absolute", "/a", tarfile.SYMTYPE),
    ("folder", "", tarfile.DIRTYPE),
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("soft", b"2"),
        ("dir/up", b"1"),
        ("dir/beside", b"2"),
        ("hard", b"2"),
        ("chain", b"2"),
    ],
)
def test_a_link_is_followed(name: str, content: bytes) -> None:
    """`docker save` stores a layer once, and links to it from then on."""
    found = members(tar_of_files({"a": b"1", "dir/a": b"2"}, LINKS))

    assert content == read_member(found, name, limits=LIMITS)


@pytest.mark.hostile("links out of the root")
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("loop", SymlinkLoopError),
        ("nowhere", BlobNotFoundError),
        ("missing", BlobNotFoundError),
        ("out", PathEscapeError),
        ("hard-out", PathEscapeError),
        ("absolute", PathEscapeError),
        ("folder", ImageError),
    ],
)
def test_a_link_that_leads_to_no_file_is_refused(
    name: str, error: type[OCILayersError]
) -> None:
    """Most of all one that leads out of the archive."""
    found = members(tar_of_files({"a": b"1", "dir/a": b"2"}, LINKS))

    with pytest.raises(error):
        found.open(name)


@pytest.mark.hostile("names with .. and absolute names")
@pytest.mark.parametrize("name", ["/a", "../a", "a/../../b"])
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    """Documents are as untrusted as the archive."""
    with pytest.raises(PathEscapeError):
        clean_name(name)


def test_a_member_that_climbs_out_is_refused() -> None:
    """The whole archive is, since nobody writes such a name by mistake."""
    with pytest.raises(PathEscapeError):
        members(tar_of_files({"../a": b""}))


def test_a_sparse_member_is_passed_over_and_cannot_be_opened() -> None:
    """Its content stands nowhere in one piece."""
    tar = sparse_tar()
    found = members(tar)

    assert b"1" == read_member(found, "after", limits=LIMITS)
    with pytest.raises(UnsupportedEntryError, match="hole: a sparse file"):
        found.open("hole")
    assert b"ab" + bytes(510) == read_member(
        members(gzip.compress(tar)), "hole", limits=LIMITS
    )


def sparse_tar() -> bytes:
    """`hole` is two bytes and then nothing, 512 long; `after` is a plain file."""
    content = b"1\n0\n2\n".ljust(512, b"\0") + b"ab"
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        member = tarfile.TarInfo("GNUSparseFile.0/hole")
        member.size = len(content)
        member.pax_headers = {
            "GNU.sparse.major": "1",
            "GNU.sparse.minor": "0",
            "GNU.sparse.name": "hole",
            "GNU.sparse.realsize": "512",
        }
        tar.addfile(member, io.BytesIO(content))
        plain = tarfile.TarInfo("after")
        plain.size = 1
        tar.addfile(plain, io.BytesIO(b"1"))
    return out.getvalue()


BROKEN = tar_of_files({"a": b"1", "b": b"2" * 2000})


@pytest.mark.parametrize(
    ("raw", "error", "message"),
    [
        pytest.param(b"#!/bin/sh\n" * 99, ImageError, "does not begin as", id="text"),
        pytest.param(
            gzip.compress(b"x" * 999), ImageError, "does not begin as", id="gzip-text"
        ),
        pytest.param(b"short", TruncatedArchiveError, "ends inside", id="short"),
        pytest.param(b"\x1f", TruncatedStreamError, "first mark", id="mark"),
        pytest.param(b"\xfd7zXZ\0" * 9, CodecError, "compressed with xz", id="xz"),
        pytest.param(
            BROKEN[: 4 * 512],
            TruncatedArchiveError,
            "b: the archive ends inside a member, expected 2000 bytes, found 512",
            id="content-cut",
        ),
        pytest.param(BROKEN[:1100], TruncatedArchiveError, "inside", id="header-cut"),
        pytest.param(
            BROKEN[:1024] + b"x" * 512,
            BadHeaderError,
            "at byte 1024",
            id="second-header",
        ),
        pytest.param(
            gzip.compress(BROKEN)[:-9], TruncatedStreamError, "byte", id="gzip-cut"
        ),
    ],
)
def test_what_is_no_archive_says_why(
    raw: bytes, error: type[OCILayersError], message: str
) -> None:
    """Each of these is read by mistake some day."""
    with pytest.raises(error, match=message):
        members(raw)


def test_an_empty_archive_has_no_files() -> None:
    """Neither has an empty file."""
    assert ["a" in members(b""), "a" in members(bytes(1024))] == [False, False]


def test_a_stream_that_cannot_be_sought_says_what_to_do() -> None:
    """A pipe cannot be read at many places."""

    class Pipe:
        def read(self, size: int, /) -> bytes:
            raise AssertionError(size)

    class Deaf(io.BytesIO):
        def seek(self, offset: int, whence: int = 0, /) -> int:
            raise io.UnsupportedOperation(f"{offset} {whence}")

    for file in (Pipe(), Deaf()):
        with pytest.raises(SourceError, match=r"io\.BytesIO"):
            TarMembers(file, limits=LIMITS)  # type: ignore[arg-type]  # that is the point


@pytest.mark.hostile("a source that fails")
def test_what_the_file_raises_passes_through() -> None:
    """It is the caller's own."""

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(f"no {size}")

    with pytest.raises(OSError, match="no 10"):
        TarMembers(Broken(b"0123456789"), limits=LIMITS)


@pytest.mark.parametrize("compress", CODECS, ids=["plain", "gzip", "zstd"])
def test_an_archive_has_no_more_members_than_it_may(
    compress: Callable[[bytes], bytes],
) -> None:
    """Hopping counts over all of them."""
    raw = compress(tar_of_files({"a": b"1", "b": b"2"}))

    assert "b" in members(raw, Limits(entries=2))
    with pytest.raises(LimitExceededError, match="entries"):
        members(raw, Limits(entries=1))


@pytest.mark.hostile("a few bytes that inflate to many")
@pytest.mark.parametrize("compress", CODECS[1:], ids=["gzip", "zstd"])
def test_an_archive_inflates_to_no_more_than_it_may(
    compress: Callable[[bytes], bytes],
) -> None:
    """It is held to what one layer may be."""
    raw = compress(tar_of_files({"zeros": bytes(5_000_000)}))

    assert "zeros" in members(raw)
    with pytest.raises(LimitExceededError, match="uncompressed bytes"):
        members(raw, Limits(uncompressed_bytes=1_000_000))
