"""The fast road: it leads where the slow one does, or is not taken."""

from __future__ import annotations

import pytest
from splits import in_every_split
from tar_blocks import END, GNU, V7, contents, header, member, pax

from ocilayers.errors import OCILayersError
from ocilayers.findings import Finding
from ocilayers.tar._scan import Scanner
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry, EntryDraft

LAST = member(b"last", b"z")

PLAIN = [
    pytest.param(member(b"a", b"x"), id="file"),
    pytest.param(member(b"a" * 100), id="name of 100 bytes"),
    pytest.param(member("ä".encode()), id="UTF-8"),
    pytest.param(member(b"a", b"x", magic=GNU), id="GNU"),
    pytest.param(member(b"a", flag=b"\0"), id="old flag"),
    pytest.param(member(b"a", prefix=b"usr/share"), id="prefix"),
    pytest.param(member(b"./a"), id="dot"),
    pytest.param(member(b"/a//b/./.c"), id="unclean"),
    pytest.param(member(b"d/", flag=b"5"), id="directory"),
    pytest.param(member(b"./d/", flag=b"5"), id="directory with a dot"),
    pytest.param(member(b"d", flag=b"5"), id="directory without a slash"),
    pytest.param(member(b"a", flag=b"2", link=b"/x"), id="symlink"),
    pytest.param(member(b"a", flag=b"1", link=b"b"), id="hard link"),
    pytest.param(member(b"a", flag=b"6"), id="FIFO"),
    pytest.param(member(b"d/.wh.a"), id="whiteout"),
    pytest.param(member(b".wh..wh..opq"), id="opaque"),
    pytest.param(member(b"a", user=b"root", group="ü".encode()), id="owner's names"),
    pytest.param(member(b"a", mode=b"    644 "), id="number with blanks"),
    pytest.param(member(b"a", uid=b"\x80" + b"\0" * 6 + b"\1"), id="base 256"),
    pytest.param(member(b"a", mtime=b"\xff" * 12), id="negative time"),
    pytest.param(pax({b"mtime": b"1.5"}) + member(b"a", b"x"), id="time"),
    pytest.param(
        pax({b"mtime": b"1.123456789", b"atime": b"2", b"ctime": b"-3"}) + member(b"a"),
        id="times",
    ),
    pytest.param(pax({b"mtime": b"00000000012"}) + member(b"a"), id="zeros first"),
]
ODD = [
    pytest.param(member(b"a", flag=b"3"), id="device"),
    pytest.param(member(b"a", magic=V7), id="version 7"),
    pytest.param(member(b""), id="no name"),
    pytest.param(member(b"\xff"), id="no UTF-8"),
    pytest.param(member(b"./"), id="root"),
    pytest.param(member(b"a/"), id="file with a slash"),
    pytest.param(member(b"a/../b"), id="parent"),
    pytest.param(member(b"../b"), id="climbs out"),
    pytest.param(member(b".wh.a", b"x"), id="whiteout with content"),
    pytest.param(member(b".wh.a", flag=b"5"), id="whiteout of another type"),
    pytest.param(member(b"d//", flag=b"5"), id="two slashes at the end"),
    pytest.param(header(b"d/", flag=b"5", size=9), id="directory with a size"),
    pytest.param(member(b"a", uid=b"\xff" * 8), id="negative owner"),
    pytest.param(member(b"a", b"x", size=b"1          \0"), id="size with blanks"),
    pytest.param(member(b"a", b"x", size=b"000000000001"), id="size without an end"),
    pytest.param(header(b"a", size=b"00000000008\0"), id="size not octal"),
    pytest.param(header(b"a", size=b"0_000000000\0"), id="size with underscore"),
    pytest.param(header(b"a", minor=b"nonsense"), id="device numbers without meaning"),
    pytest.param(header(b"a", checksum=b"0000001\0"), id="checksum"),
    pytest.param(
        header("ä".encode(), checksum=b"0000001\0"), id="checksum, high bytes"
    ),
    pytest.param(member(b"a", magic=GNU, prefix=b"00000000001\0"), id="GNU times"),
    pytest.param(member(b"a", prefix=bytes(163) + b"tar\0"), id="star"),
    pytest.param(pax({b"path": b"b"}) + member(b"a"), id="PAX path"),
    pytest.param(pax({b"mtime": b"-1"}) + member(b"a"), id="PAX negative time"),
    pytest.param(pax({b"mtime": b"1.1234567890"}) + member(b"a"), id="finer time"),
    pytest.param(pax({b"mtime": b".5"}) + member(b"a"), id="no whole seconds"),
    pytest.param(pax({b"mtime": b"nan"}) + member(b"a"), id="no time"),
    pytest.param(pax({b"mtime": b"1" * 300}) + member(b"a"), id="long time"),
    pytest.param(pax({b"mtime": b"1" * 19}) + member(b"a"), id="64 bits of time"),
    pytest.param(pax({b"atime": b"1"}) + member(b"a"), id="only another time"),
    pytest.param(pax(b"") + member(b"a"), id="no records"),
    pytest.param(pax(b"12 mtime=5\n") + member(b"a"), id="wrong length"),
    pytest.param(pax(b"10 mtime=5\n") + member(b"a"), id="shorter length"),
    pytest.param(pax(b"99 mtime=5\n") + member(b"a"), id="longer length"),
    pytest.param(
        pax({b"mtime": b"1"}) + pax({b"mtime": b"2"}) + member(b"a"), id="two headers"
    ),
    pytest.param(
        pax({b"mtime": b"1"}, uid=b"nonsense") + member(b"a"), id="PAX header unsound"
    ),
    pytest.param(pax({b"mtime": b"1"}, size=b"x" * 12) + member(b"a"), id="PAX size"),
    pytest.param(
        pax({b"mtime": b"1"}) + pax({b"mtime": b"1"}, flag=b"g") + member(b"a"),
        id="global after it",
    ),
    pytest.param(bytes(512) + member(b"a"), id="zero block"),
]


def _read(
    chunks: list[bytes], *, fast: bool
) -> tuple[list[Entry], dict[str, bytes], object, tuple[Finding, ...]]:
    decoder = TarDecoder()
    decoder._scans = fast
    events: list[Entry | bytes] = []
    error: object = None
    try:
        for chunk in chunks:
            events += decoder.feed(chunk)
        events += decoder.finish()
    except OCILayersError as caught:
        error = type(caught), str(caught)
    found = [event for event in events if isinstance(event, Entry)]
    return found, contents(events), error, decoder.findings


@pytest.mark.parametrize("tar", [*PLAIN, *ODD])
def test_both_roads_lead_to_the_same(tar: bytes) -> None:
    """Entries, offsets, content, findings and errors, in every split."""
    tar = member(b"first") + tar + LAST + END
    expected = _read([tar], fast=False)
    offsets = [entry.offset for entry in expected[0]]

    for chunks in in_every_split(tar, random_cuts=3):
        fast = _read(chunks, fast=True)
        assert expected == fast
        assert offsets == [entry.offset for entry in fast[0]]


@pytest.mark.parametrize("tar", PLAIN)
def test_plain_members_take_the_fast_road(tar: bytes) -> None:
    """Or it would be for nothing."""
    scanner = Scanner(content=False, recorder=None, room=9)
    out: list[EntryDraft | bytes] = []

    assert scanner.scan(tar, 0, 0, out) == len(tar)
    assert len(out) == 1
    assert scanner.room == 8


@pytest.mark.parametrize("tar", ODD)
def test_odd_members_do_not(tar: bytes) -> None:
    """Their extension headers neither."""
    scanner = Scanner(content=False, recorder=None, room=9)
    out: list[EntryDraft | bytes] = []

    assert scanner.scan(tar, 0, 0, out) == 0
    assert out == []


def test_there_is_no_fast_road_without_room() -> None:
    """The limit of entries holds there too."""
    scanner = Scanner(content=False, recorder=None, room=1)
    out: list[EntryDraft | bytes] = []

    assert scanner.scan(LAST + LAST, 0, 0, out) == len(LAST)
    assert scanner.room == 0


@pytest.mark.parametrize("cut", [512, 513, 700, 1023])
def test_the_last_member_may_go_on_in_the_next_chunk(cut: int) -> None:
    """What is missing of it is counted."""
    scanner = Scanner(content=True, recorder=None, room=9)
    out: list[EntryDraft | bytes] = []
    tar = member(b"a", b"x" * 300)

    assert scanner.scan(tar[:cut], 0, 0, out) == cut
    assert scanner.left == max(812 - cut, 0)
    assert scanner.left + scanner.pad == 1024 - cut
