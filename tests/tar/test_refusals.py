"""What is refused is said in full: the member, what is wrong with it, and where.

Every tar here begins with one good member of two blocks.
"""

from __future__ import annotations

import pytest
from tar_blocks import END, GNU, decode, header, member, octal, pax, record

from ocilayers.errors import OCILayersError
from ocilayers.limits import Limits
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry

GOOD = member(b"a", b"x")
NEXT = member(b"b")


def sparse(*pieces: tuple[int, int], size: int = 9, stored: bytes = b"abcdef") -> bytes:
    """A sparse file of version 0.0."""
    numbers = [(b"size", size), (b"numblocks", len(pieces))]
    for offset, length in pieces:
        numbers += [(b"offset", offset), (b"numbytes", length)]
    records = [record(b"GNU.sparse." + key, b"%d" % number) for key, number in numbers]
    return pax(b"".join(records)) + member(b"s", stored)


def sparse_of_lines(lines: bytes) -> bytes:
    """A sparse file of version 1.0, with any text as its map."""
    records = {b"GNU.sparse.major": b"1", b"GNU.sparse.minor": b"0"}
    return pax(records) + member(b"s", lines + bytes(-len(lines) % 512) + b"abc")


def sparse_of_fields(field: bytes) -> bytes:
    """A sparse file of the old GNU format, with any field in its map."""
    tail = bytes(41) + 2 * field + bytes(72) + octal(9, 12)
    return member(b"s", b"abc", flag=b"S", magic=GNU, prefix=tail)


REFUSED = {
    "a number": (
        header(b"b", mode=b"0000008\0"),
        r"the header has a number that is not octal: b'0000008\x00', at byte 1024",
    ),
    "a checksum": (
        header(b"b", checksum=b"0000001\0"),
        "the header has checksum 3807, but says 1, at byte 1024",
    ),
    "a negative size": (
        header(b"b", size=b"\xff" * 12),
        "the header has a negative size: -1, at byte 1024",
    ),
    "a record that goes on": (
        pax(record(b"a", b"1") + b"99 path=x\n") + NEXT,
        "a PAX record does not end where it says, at byte 1030",
    ),
    "a NUL in a name": (
        pax(record(b"a", b"1") + record(b"path", b"x\0y")) + NEXT,
        "the PAX record path holds a NUL, at byte 1030",
    ),
    "a size with a sign": (
        pax({b"size": b"+1"}) + NEXT,
        "the PAX record size is no number: b'+1', at byte 1024",
    ),
    "an owner that is no number": (
        pax({b"uid": b"x"}) + NEXT,
        "the PAX record uid is no number: b'x', at byte 1024",
    ),
    "a time that is none": (
        pax({b"mtime": b"1.x"}) + NEXT,
        "the PAX record mtime is no time: b'1.x', at byte 1024",
    ),
    "a record of a global header": (
        pax({b"size": b"1"}, flag=b"g") + pax(b"99 a=b\n", flag=b"g"),
        "a PAX record does not end where it says, at byte 2048",
    ),
    "sparse records out of order": (
        pax({b"GNU.sparse.numbytes": b"1"}) + NEXT,
        "sparse pieces are out of order, at byte 1024",
    ),
    "sparse pieces that overlap": (
        sparse((0, 3), (2, 3)),
        (
            "s: the sparse map has pieces that overlap or lie outside of the file,"
            " at byte 2048"
        ),
    ),
    "a sparse piece outside": (
        sparse((0, 3), (8, 3)),
        (
            "s: the sparse map has pieces that overlap or lie outside of the file,"
            " at byte 2048"
        ),
    ),
    "a sparse map of too little": (
        sparse((0, 3)),
        "s: the sparse map speaks of more or less than is stored, at byte 2048",
    ),
    "a sparse map of too much": (
        sparse((0, 7)),
        "s: the sparse map speaks of more or less than is stored, at byte 2048",
    ),
    "a sparse map of another version": (
        pax({b"GNU.sparse.major": b"3", b"GNU.sparse.minor": b"0"}) + NEXT,
        "b: the sparse map has an unknown version: (b'3', b'0'), at byte 2048",
    ),
    "a sparse map with a piece too few": (
        pax({b"GNU.sparse.map": b"0,1", b"GNU.sparse.numblocks": b"2"}) + NEXT,
        "b: the sparse map has more or less pieces than it says, at byte 2048",
    ),
    "a sparse map with a word": (
        sparse_of_lines(b"1\nx\n3\n"),
        "s: the sparse map has no number: b'x', at byte 2048",
    ),
    "a sparse map with a long line": (
        sparse_of_lines(b"9" * 1100),
        "s: the sparse map has a line without end, at byte 2048",
    ),
    "a sparse map with a broken field": (
        sparse_of_fields(b"0000000000x\0"),
        (
            r"s: the sparse map has a number that is not octal: b'0000000000x\x00',"
            " at byte 1024"
        ),
    ),
    "a lone zero block": (
        bytes(512) + NEXT,
        "a lone zero block inside of the archive, at byte 1536",
    ),
    "an end inside of content": (
        member(b"b", b"y" * 600)[:900],
        "b: the archive ends inside a member, at byte 1924",
    ),
    "an end inside of a header": (
        header(b"b")[:100],
        "the archive ends inside a member, at byte 1124",
    ),
    "an end after an extension": (
        pax({b"path": b"x"}),
        "the archive ends inside a member, at byte 2048",
    ),
    "a name that climbs": (
        member(b"../b"),
        "../b: the name climbs out of the root, at byte 1024",
    ),
}


@pytest.mark.parametrize(("tar", "said"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_says_what_and_where(tar: bytes, said: str) -> None:
    """The offset is that of the header, or of the very record."""
    with pytest.raises(OCILayersError) as raised:
        decode(GOOD + tar)

    assert said == str(raised.value)


STRICT = {
    "two extensions of one kind": (
        pax({b"path": b"p"}) + pax({b"path": b"q"}) + NEXT,
        (
            "PaxHeaders/a: two extension headers of one kind before one"
            " member; the last"
            " one counts, at byte 2048"
        ),
    ),
    "two long names": (
        2 * member(b"L", b"long\0", flag=b"L", magic=GNU) + NEXT,
        (
            "L: two extension headers of one kind before one member; the"
            " last one counts,"
            " at byte 2048"
        ),
    ),
    "global records": (
        member(b"G", record(b"path", b"p"), flag=b"g") + NEXT,
        (
            "G: a global header whose records are ignored, as containerd and Docker do;"
            " GNU tar and CPython apply them to what follows, at byte 1024"
        ),
    ),
    "a record without a value": (
        pax({b"path": b""}) + NEXT,
        (
            "b: path: a PAX record without a value; the header's own field counts,"
            " at byte 2048"
        ),
    ),
    "an attribute that cannot be decoded": (
        pax({b"LIBARCHIVE.xattr.a": b"!"}) + NEXT,
        (
            "b: LIBARCHIVE.xattr.a: an extended attribute that cannot be decoded; it is"
            " left out, at byte 2048"
        ),
    ),
    "data after the end": (
        END + bytes(512) + b"x",
        (
            "something that is no zero follows the end of the archive; nobody reads it,"
            " but it counts for the diff_id, from byte 2560, at byte 2560"
        ),
    ),
    "an extension and no member": (
        pax({b"path": b"x"}) + END,
        "an extension header with no member after it, at byte 2048",
    ),
    "a directory with a size": (
        member(b"d/", size=3, flag=b"5") + END,
        (
            "d/: a link, directory or device with a size; it has no"
            " content, as Go reads"
            " it, found 3, at byte 1024"
        ),
    ),
    "no padding at the end": (
        member(b"b", b"x")[:-10],
        (
            "b: the content of the last member is whole, but is not padded to a block,"
            " at byte 2038"
        ),
    ),
    "a whiteout with content": (
        member(b".wh.x", b"x"),
        (
            ".wh.x: a whiteout that is no empty regular file; its name alone counts,"
            " at byte 1024"
        ),
    ),
    "a contiguous file": (
        member(b"h", flag=b"7"),
        "h: a contiguous file, read as a file, at byte 1024",
    ),
    "a PAX header of Solaris": (
        pax({b"path": b"b"}, flag=b"X") + NEXT,
        ("PaxHeaders/a: a Solaris extended header, read as a PAX header, at byte 1024"),
    ),
    "a mode that does not fit": (
        member(b"h", mode=b"7777777\0"),
        "h: an owner, mode or device number that no file system can hold, at byte 1024",
    ),
}


@pytest.mark.parametrize(("tar", "said"), STRICT.values(), ids=STRICT)
def test_a_strict_refusal_says_what_and_where(tar: bytes, said: str) -> None:
    """What a lenient reader takes and notes."""
    decode(GOOD + tar)
    with pytest.raises(OCILayersError) as raised:
        decode(GOOD + tar, strict=True)

    assert said == str(raised.value)


LONG = pax({b"comment": b"x" * 500})
LIMITED = {
    "sparse_segments": (
        Limits(sparse_segments=1),
        sparse((0, 3), (5, 3)),
        "s: more than 1 sparse segments, expected at most 1, found 2, at byte 2048",
    ),
    "sparse_bytes": (
        Limits(sparse_bytes=2),
        sparse((0, 6)),
        "s: more than 2 sparse bytes, expected at most 2, found 3",
    ),
    "extension_bytes": (
        Limits(extension_bytes=1000),
        2 * LONG + NEXT,
        (
            "more than 1000 extension bytes, expected at most 1000, found 1026,"
            " at byte 2560"
        ),
    ),
    "extension_headers": (
        Limits(extension_headers=1),
        2 * LONG + NEXT,
        "more than 1 extension headers, expected at most 1, found 2, at byte 2560",
    ),
    "path_bytes": (
        Limits(path_bytes=2),
        member(b"bbb"),
        "bbb: more than 2 path bytes, expected at most 2, found 3, at byte 1024",
    ),
    "path_depth": (
        Limits(path_depth=1),
        member(b"b/b"),
        "b/b: more than 1 path depth, expected at most 1, found 2, at byte 1024",
    ),
    "entries": (
        Limits(entries=1),
        NEXT,
        "more than 1 entries, expected at most 1, found 2",
    ),
}


@pytest.mark.parametrize("limit", LIMITED)
def test_a_limit_is_named_with_its_value(limit: str) -> None:
    """What is allowed, and what was there."""
    limits, tar, said = LIMITED[limit]
    with pytest.raises(OCILayersError) as raised:
        decode(GOOD + tar + END, limits=limits)

    assert f"{said} (limit {limit})" == str(raised.value)


UNWRITABLE = {
    "a path that is not clean": (
        [Entry("/a", "file")],
        "/a: it cannot be written: its path is not clean",
    ),
    "a path of a mark": (
        [Entry("a/.wh.b", "file")],
        "a/.wh.b: it cannot be written: its path would be read as something else",
    ),
    "a root that is a file": (
        [Entry(".", "file")],
        ".: it cannot be written: the root is a directory",
    ),
    "a directory with a size": (
        [Entry("d", "directory", size=3)],
        "d: it cannot be written: its size is 3",
    ),
    "a mode with a type": (
        [Entry("a", "file", mode=0o100644)],
        "a: it cannot be written: its mode is 100644",
    ),
    "a link to nowhere": (
        [Entry("a", "symlink")],
        "a: it cannot be written: it is a link without a target",
    ),
    "a device without a number": (
        [Entry("a", "char")],
        "a: it cannot be written: its device is None",
    ),
    "an owner below 0": (
        [Entry("a", "file", uid=-1)],
        "a: it cannot be written: its uid is -1",
    ),
    "a name with a NUL": (
        [Entry("a", "file", user="x\0")],
        "a: it cannot be written: 'x\\x00' holds a NUL",
    ),
    "more content than its size": (
        [Entry("a", "file", size=1), b"xy"],
        "a: there is more content than the entry's size, expected 1, found 2",
    ),
    "less content than its size": (
        [Entry("a", "file", size=3), b"xy", Entry("b", "file")],
        "a: the content lacks 1 bytes",
    ),
}


@pytest.mark.parametrize(("events", "said"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_cannot_be_written_is_said(events: list[Entry | bytes], said: str) -> None:
    """Which entry, and what is wrong with it."""
    encoder = TarEncoder()
    for event in events[:-1]:
        encoder.feed(event)
    with pytest.raises(OCILayersError) as raised:
        encoder.feed(events[-1])

    assert said == str(raised.value)
