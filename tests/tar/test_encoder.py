"""The encoder: the same bytes for the same entries, and every reader reads them."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path

import attrs
import pytest
from tar_blocks import contents, decode, entries, record

from ocilayers._types import Buffer
from ocilayers.errors import PathEscapeError, TarError
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry, Kind


def encode(events: Iterable[Entry | bytes]) -> bytes:
    """A whole tar."""
    encoder = TarEncoder()
    chunks = [chunk for event in events for chunk in encoder.feed(event)]
    return b"".join(chunks + encoder.finish())


ARTICLE = {
    "copy-apple": Entry(
        "apple.txt", "file", content=b"apple\n", mtime_ns=1_623_023_914 * 10**9
    ),
    "touch-banana": Entry("banana.txt", "file", mtime_ns=1_623_028_050 * 10**9),
}


@pytest.mark.parametrize("layer", ARTICLE)
def test_the_layers_of_the_article_come_out_bit_for_bit(
    layer: str, shared: Path
) -> None:
    """As Docker wrote them, with file type bits in the mode, by the default."""
    wanted = gzip.decompress((shared / f"corpus/article/{layer}.tar.gz").read_bytes())

    assert wanted == encode([ARTICLE[layer]])
    assert wanted == encode(decode(wanted))


#: Everything that fits a ustar header.
SHORT = [
    Entry(".", "directory", 0o755),
    Entry("d", "directory", 0o1777, 1, 2, "root", "wheel", 10**9),
    Entry("d/file", "file", 0o4755, content=b"x" * 700),
    Entry("d/empty", "file"),
    Entry("d/link", "symlink", target="../file"),
    Entry("d/hard", "hardlink", target="d/file"),
    Entry("d/null", "char", device=(1, 3)),
    Entry("d/sda", "block", device=(8, 0)),
    Entry("d/pipe", "fifo"),
    Entry("d/gone", "whiteout"),
    Entry("d", "opaque"),
    Entry(".", "opaque"),
    Entry("p" * 155 + "/" + "n" * 100, "file"),
    Entry("p" * 100 + "/" + "n" * 99, "directory"),
    Entry("o", "file", 0o644, 2_097_151, 2_097_151, "u" * 31, "g" * 31),
    Entry("t", "symlink", target="t" * 100),
    Entry("m", "file", mtime_ns=(8**11 - 1) * 10**9),
    Entry("n", "file", 0),
    Entry("a", "file", 0o7777),
]
#: What does not, and the record that it needs.
LONG = {
    "path": Entry("n" * 101, "file"),
    "path, directory": Entry("n" * 300, "directory"),
    "path, not ASCII": Entry("ä", "directory"),
    "path, whiteout": Entry("n" * 97, "whiteout"),
    "linkpath": Entry("a", "symlink", target="t" * 101),
    "linkpath, not ASCII": Entry("a", "hardlink", target="ä"),
    "uname": Entry("a", "file", user="u" * 32),
    "gname": Entry("a", "file", group="ü"),
    "uid": Entry("a", "file", uid=2_097_152),
    "gid": Entry("a", "file", gid=4_000_000_000),
    "size": Entry("a", "file", size=8**11),
    "mtime": Entry("a", "file", mtime_ns=1),
    "mtime, negative": Entry("a", "file", mtime_ns=-(10**9)),
    "mtime, late": Entry("a", "file", mtime_ns=8**11 * 10**9),
    "SCHILY.xattr.user.k": Entry("a", "file", xattrs={"user.k": b"\xff\0\n="}),
    "SCHILY.xattr.user.e": Entry("a", "file", xattrs={"user.e": b""}),
    "LIBARCHIVE.xattr.a%3D%25b": Entry("a", "file", xattrs={"a=%b": b"v"}),
    "MSWINDOWS.fileattr": Entry("a", "file", records={"MSWINDOWS.fileattr": b"32"}),
}


def _headers(entry: Entry) -> bytes:
    return TarEncoder().feed(entry)[0]


@pytest.mark.parametrize(
    "entry", SHORT, ids=lambda entry: f"{entry.kind} {entry.path[:9]}"
)
def test_what_fits_is_one_ustar_header(entry: Entry) -> None:
    """And is read as it was."""
    block = _headers(entry)

    assert len(block) == 512
    assert block[257:265] == b"ustar\x0000"
    assert [attrs.evolve(entry, content=None)] == entries(encode([entry]))


@pytest.mark.parametrize("name", LONG)
def test_what_does_not_fit_has_a_pax_record(name: str) -> None:
    """That one, and no other."""
    entry = LONG[name]
    block = _headers(entry)
    payload = block[512:-512].rstrip(b"\0")

    assert block[156:157] == b"x"
    assert payload.partition(b" ")[2].startswith(name.partition(",")[0].encode() + b"=")
    assert payload.count(b"\n") == 1 + payload.count(b"\xff\0\n")
    if entry.size == 0:
        assert [entry] == entries(encode([entry]))


@pytest.mark.spec(
    "POSIX.1-2024 pax, Extended Header Keywords",
    "hdrcharset: The name of the character set used to encode the value field of the"
    " gname, linkpath, path, and uname records.",
)
@pytest.mark.parametrize(
    "entry",
    [
        Entry("\udcff", "file"),
        Entry("a", "symlink", target="\udcff"),
        Entry("b", "file", user="\udcff"),
        Entry("c", "file", group="\udcff"),
    ],
    ids=["path", "target", "user", "group"],
)
def test_names_that_are_no_utf_8_are_said_to_be_none(entry: Entry) -> None:
    """Others are not."""
    assert record(b"hdrcharset", b"BINARY") in _headers(entry)
    assert b"hdrcharset" not in _headers(Entry("ä", "file", xattrs={"a": b"\xff"}))
    assert [entry] == entries(encode([entry]))


def test_records_are_exact() -> None:
    """Numbers in decimal, times as short as they can be."""
    entry = Entry("ä", "file", uid=3_000_000, mtime_ns=-1_500_000_000)
    payload = _headers(entry)[512:1024].rstrip(b"\0")

    assert payload == (
        record(b"mtime", b"-1.5")
        + record(b"path", "ä".encode())
        + record(b"uid", b"3000000")
    )


def test_the_largest_numbers_are_written() -> None:
    """Of 63 bits; the header has zeros in their place."""
    most = (1 << 63) - 1
    for time in (most, -most):
        entry = Entry("a", "file", uid=most, gid=most, mtime_ns=time * 10**9)
        block = _headers(entry)[-512:]

        assert [entry] == entries(encode([entry]))
        assert b"0000000\0" * 2 + b"00000000000\0" * 2 == block[108:148]


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        (Entry("n" * 300, "directory"), b"n" * 100),
        (Entry("n/ä", "directory"), b"n"),
        (Entry("ä", "file"), b""),
    ],
    ids=["long", "a directory", "nothing of it"],
)
def test_readers_that_know_no_pax_see_what_is_ascii(entry: Entry, shown: bytes) -> None:
    """And never a slash at the end, which would make a directory of it."""
    assert shown == _headers(entry)[-512:][:100].rstrip(b"\0")


def test_the_order_of_attributes_makes_no_difference() -> None:
    """The same entry makes the same bytes."""
    one = Entry("a", "file", xattrs={"a": b"1", "b": b"2"})
    other = Entry("a", "file", xattrs={"b": b"2", "a": b"1"})

    assert encode([one]) == encode([other])


def test_content_may_come_in_pieces_or_with_its_entry() -> None:
    """The bytes are the same."""
    entry = Entry("a", "file", size=700)
    pieces: list[Entry | Buffer] = [
        entry,
        b"x" * 100,
        b"",
        bytearray(b"x" * 599),
        memoryview(b"x"),
    ]

    encoder = TarEncoder()
    chunks = [chunk for event in pieces for chunk in encoder.feed(event)]

    assert b"".join(chunks + encoder.finish()) == encode(
        [Entry("a", "file", content=b"x" * 700)]
    )
    assert all(chunks)


@pytest.mark.parametrize("content", [b"hi", None], ids=["carried", "fed"])
def test_pieces_of_no_bytes_add_nothing(content: bytes | None) -> None:
    """Nor where the content has ended: the last block is filled once."""
    encoder = TarEncoder()
    pieces: list[Entry | Buffer] = [
        Entry("a", "file", size=2, content=content),
        *([b"hi"] if content is None else []),
        b"",
        Entry("d", "directory"),
        b"",
    ]
    chunks = [chunk for event in pieces for chunk in encoder.feed(event)]

    assert b"".join(chunks + encoder.finish()) == encode(
        [Entry("a", "file", content=b"hi"), Entry("d", "directory")]
    )


def test_content_that_has_holes_is_written_in_full() -> None:
    """Sparse files should not be used."""
    assert encode([Entry("a", "file", size=3), bytes(3)]) == encode(
        [Entry("a", "file", content=bytes(3))]
    )


def test_content_has_the_length_that_was_said() -> None:
    """Neither more nor less."""
    encoder = TarEncoder()
    encoder.feed(Entry("a", "file", size=2))
    with pytest.raises(TarError, match="more content") as caught:
        encoder.feed(b"xyz")
    assert (caught.value.where, caught.value.expected, caught.value.actual) == (
        "a",
        2,
        3,
    )
    encoder.feed(b"x")
    with pytest.raises(TarError, match="lacks 1 bytes"):
        encoder.feed(Entry("b", "file"))
    with pytest.raises(TarError, match="lacks 1 bytes"):
        encoder.finish()
    encoder.feed(b"y")
    encoder.finish()


@pytest.mark.parametrize("kind", [Kind.DIRECTORY, Kind.WHITEOUT, Kind.OPAQUE])
def test_only_files_have_content(kind: Kind) -> None:
    """Nothing may follow the others."""
    encoder = TarEncoder()
    encoder.feed(Entry("a", kind))
    with pytest.raises(TarError, match="more content"):
        encoder.feed(b"x")
    assert encoder.feed(b"") == []


def test_a_finished_encoder_takes_nothing() -> None:
    """It says so."""
    encoder = TarEncoder()
    encoder.finish()
    with pytest.raises(TarError, match="has finished"):
        encoder.feed(Entry("a", "file"))
    with pytest.raises(TarError, match="has finished"):
        encoder.finish()


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        pytest.param(Entry("/a", "file"), "not clean", id="absolute"),
        pytest.param(Entry("a/", "directory"), "not clean", id="slash"),
        pytest.param(Entry("", "file"), "not clean", id="empty"),
        pytest.param(Entry("a\0b", "file"), "NUL", id="NUL in the path"),
        pytest.param(Entry("a\ud800", "file"), "surrogates", id="no bytes"),
        pytest.param(Entry("d/.wh.a", "file"), "something else", id="whiteout's name"),
        pytest.param(
            Entry(".wh..wh..opq", "file"), "something else", id="opaque's name"
        ),
        pytest.param(Entry(".wh.a", "whiteout"), "something else", id="hides a marker"),
        pytest.param(Entry(".", "whiteout"), "something else", id="hides the root"),
        pytest.param(Entry(".", "file"), "root is a directory", id="root a file"),
        pytest.param(Entry("a", "directory", size=1), "size is 1", id="size"),
        pytest.param(Entry("a", "file", size=-2), "size is -2", id="negative size"),
        pytest.param(Entry("a", "file", 0o10000), "mode is 10000", id="mode"),
        pytest.param(Entry("a", "symlink"), "without a target", id="no target"),
        pytest.param(Entry("a", "symlink", target="\0"), "NUL", id="NUL in the target"),
        pytest.param(Entry("a", "char"), "device is None", id="no device"),
        pytest.param(
            Entry("a", "block", device=(0, 1 << 21)), "device is", id="large device"
        ),
        pytest.param(Entry("a", "file", uid=-1), "uid is -1", id="negative owner"),
        pytest.param(Entry("a", "file", gid=1 << 63), "gid is", id="large group"),
        pytest.param(Entry("a", "file", mtime_ns=10**30), "mtime_ns is", id="time"),
        pytest.param(Entry("a", "file", xattrs={"": b""}), "name", id="attribute"),
        pytest.param(Entry("a", "file", records={"path": b"b"}), "carry", id="record"),
    ],
)
def test_what_would_be_read_as_something_else_is_not_written(
    entry: Entry, problem: str
) -> None:
    """And the encoder goes on as if it had not been asked."""
    encoder = TarEncoder()
    with pytest.raises(TarError, match=problem) as caught:
        encoder.feed(entry)

    assert caught.value.where == entry.path
    assert encoder.feed(Entry("b", "file"))


def test_a_path_that_climbs_out_is_not_written() -> None:
    """Everybody would refuse to read it."""
    with pytest.raises(PathEscapeError):
        TarEncoder().feed(Entry("../a", "file"))


def test_names_that_hide_nothing_are_ordinary() -> None:
    """As they are read, so they are written."""
    for name in (".wh.", ".wh..", "d/.wh...", ".wh..wh.aufs", ".wh.d/a"):
        assert [Entry(name, "file")] == entries(encode([Entry(name, "file")]))


@pytest.mark.spec(
    "image-spec layer.md, Whiteouts",
    "A whiteout file is an empty file with a special filename that signifies a path"
    " should be deleted. A whiteout filename consists of the prefix .wh. plus the"
    " basename of the path to be deleted.",
)
def test_a_whiteout_is_an_empty_file_with_a_marker_name() -> None:
    """So is an opaque mark."""
    tar = encode([Entry("d/a", "whiteout"), Entry("d", "opaque")])
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        found = [(info.name, info.isreg(), info.size) for info in archive]

    assert found == [("d/.wh.a", True, 0), ("d/.wh..wh..opq", True, 0)]


def test_the_standard_library_reads_all_of_it() -> None:
    """Names, numbers, times and attributes."""
    sizeless = [entry for entry in LONG.values() if entry.size == 0]
    wanted = [*SHORT[:12], *sizeless]
    with tarfile.open(fileobj=io.BytesIO(encode(wanted))) as archive:
        found = [Entry.from_tarinfo(info) for info in archive]

    assert found == [attrs.evolve(entry, content=None) for entry in wanted]
    assert contents(decode(encode(wanted)))["d/file"] == b"x" * 700


@pytest.mark.parametrize("wrong", [5, "text", None])
def test_what_is_no_buffer_is_refused(wrong: object) -> None:
    """A number is not as many zeros."""
    with pytest.raises(TypeError, match="bytes-like object is required"):
        TarEncoder().feed(wrong)  # type: ignore[arg-type]  # that is the point
