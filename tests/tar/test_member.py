"""What a member means: each choice that readers disagree about, with its finding."""

from __future__ import annotations

import attrs
import pytest
from tar_blocks import (
    END,
    V7,
    contents,
    decode,
    entries,
    header,
    member,
    pax,
    the_entry,
)

from ocilayers.errors import (
    BadExtensionError,
    LimitExceededError,
    OCILayersError,
    PathEscapeError,
)
from ocilayers.limits import Limits
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry, Kind


@pytest.mark.spec(
    "image-spec layer.md, File Types",
    'Throughout this document section, the use of word "files" or "entries" includes'
    " the following, where supported: regular files, directories, sockets, symbolic"
    " links, block devices, character devices, FIFOs.",
)
@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        (b"0", Entry("a", "file", 0o644, offset=512)),
        (b"\0", Entry("a", "file", 0o644)),
        (b"1", Entry("a", "hardlink", 0o644, target="b")),
        (b"2", Entry("a", "symlink", 0o644, target="b")),
        (b"3", Entry("a", "char", 0o644, device=(1, 3))),
        (b"4", Entry("a", "block", 0o644, device=(1, 3))),
        (b"5", Entry("a", "directory", 0o644)),
        (b"6", Entry("a", "fifo", 0o644)),
    ],
    ids=lambda value: value.hex() if isinstance(value, bytes) else value.kind,
)
def test_each_type_of_posix_makes_its_kind(flag: bytes, expected: Entry) -> None:
    """Targets only for links, numbers only for devices."""
    fields = {"link": b"b", "major": b"0000001\0", "minor": b"0000003\0"}

    assert expected == the_entry(member(b"a", flag=flag, **fields))


@pytest.mark.hostile("a type that readers take for another")
@pytest.mark.parametrize(
    ("flag", "kind"), [(b"7", Kind.FILE), (b"D", Kind.DIRECTORY), (b"S", Kind.FILE)]
)
def test_a_type_that_engines_refuse_is_read_where_its_meaning_is_plain(
    flag: bytes, kind: Kind
) -> None:
    """With a finding."""
    decoder = TarDecoder()
    events = decoder.feed(member(b"a", flag=flag) + END)

    assert [kind] == [event.kind for event in events if isinstance(event, Entry)]
    assert decoder.findings[0].code == "tar-unusual-type"


@pytest.mark.hostile("a type that readers take for another")
@pytest.mark.parametrize("flag", [b"V", b"M", b"N", b"A", b"E", b"I", b"Z", b"\xff"])
def test_any_other_type_is_passed_over(flag: bytes) -> None:
    """Its content too, and strict refuses it."""
    tar = member(b"a", b"x" * 700, flag=flag) + member(b"b", b"y")

    assert the_entry(tar, "tar-unusual-type").path == "b"
    assert contents(decode(tar + END)) == {"b": b"y"}


def test_the_listing_of_a_dump_directory_is_passed_over() -> None:
    """It is no content."""
    tar = member(b"d/", b"Yfile\0\0", flag=b"D") + member(b"b", b"y")

    assert the_entry(tar, "tar-unusual-type") == Entry("d", "directory", 0o644)
    assert contents(decode(tar + END)) == {"d": b"", "b": b"y"}


def test_a_solaris_header_is_read_as_a_pax_header() -> None:
    """Its records are the same."""
    tar = pax({b"path": b"b"}, flag=b"X") + member(b"a")

    assert the_entry(tar, "tar-unusual-type").path == "b"


@pytest.mark.hostile("a link or directory with a size")
@pytest.mark.parametrize("flag", [b"1", b"2", b"3", b"4", b"5", b"6"])
def test_only_files_have_content(flag: bytes) -> None:
    """As in Go: the next header follows at once, whatever the size says."""
    tar = header(b"a", flag=flag, size=700) + member(b"b", b"y")

    assert the_entry(tar, "tar-content-ignored").size == 0
    assert contents(decode(tar + END)) == {"a": b"", "b": b"y"}


@pytest.mark.parametrize(
    ("flag", "magic", "kind", "codes"),
    [
        pytest.param(b"\0", V7, Kind.DIRECTORY, (), id="version 7"),
        pytest.param(b"\0", b"ustar\x0000", Kind.DIRECTORY, (), id="ustar, old flag"),
        pytest.param(
            b"0", b"ustar\x0000", Kind.FILE, ("tar-file-name-slash",), id="ustar"
        ),
    ],
)
def test_a_file_with_a_slash_is_a_directory_in_the_oldest_format(
    flag: bytes, magic: bytes, kind: Kind, codes: tuple[str, ...]
) -> None:
    """As in Go; GNU tar and libarchive take every such file for a directory."""
    entry = the_entry(member(b"a/", flag=flag, magic=magic), *codes)

    assert (entry.path, entry.kind) == ("a", kind)


@pytest.mark.hostile("a link or directory with a size")
def test_a_directory_of_the_oldest_format_has_no_content() -> None:
    """Its size means nothing."""
    tar = header(b"a/", flag=b"\0", size=700) + member(b"b")

    assert the_entry(tar, "tar-content-ignored").kind is Kind.DIRECTORY


@pytest.mark.hostile("names with .. and absolute names")
@pytest.mark.parametrize(
    ("name", "path", "codes"),
    [
        pytest.param(b"./a", "a", (), id="dot"),
        pytest.param(b"/a", "a", (), id="absolute"),
        pytest.param(b"a//b/.", "a/b", (), id="empty parts"),
        pytest.param(b"a/../b", "b", ("tar-dotted-name",), id="parent"),
        pytest.param(b"", ".", ("tar-empty-name",), id="empty"),
        pytest.param(b"\xff", "\udcff", (), id="no UTF-8"),
        pytest.param(b" a ", " a ", (), id="blanks"),
    ],
)
def test_a_name_is_cleaned(name: bytes, path: str, codes: tuple[str, ...]) -> None:
    """What readers disagree about leaves a finding."""
    assert the_entry(member(name), *codes).path == path


@pytest.mark.hostile("names with .. and absolute names")
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "tar",
    [
        pytest.param(member(b"../a"), id="header"),
        pytest.param(pax({b"path": b"a/../../b"}) + member(b"a"), id="PAX"),
        pytest.param(member(b"L", b"/..\0", flag=b"L") + member(b"a"), id="GNU"),
        pytest.param(member(b".wh..", flag=b"5") + member(b"x/../../y"), id="second"),
    ],
)
def test_a_name_that_climbs_out_is_refused(tar: bytes, *, strict: bool) -> None:
    """In both modes."""
    with pytest.raises(PathEscapeError) as caught:
        decode(tar + END, strict=strict)

    assert caught.value.offset is not None


@pytest.mark.parametrize("target", [b"../../a", b"/etc/passwd", b"a//b/", b"\xff", b""])
@pytest.mark.parametrize("flag", [b"1", b"2"])
def test_a_target_is_kept_as_written(flag: bytes, target: bytes) -> None:
    """Who follows it decides what it means."""
    entry = the_entry(member(b"a", flag=flag, link=target))

    assert entry.target == target.decode("utf-8", "surrogateescape")


@pytest.mark.spec(
    "image-spec layer.md, Whiteouts",
    "A whiteout file is an empty file with a special filename that signifies a path"
    " should be deleted.",
)
@pytest.mark.parametrize(
    ("name", "path", "kind"),
    [
        (b"d/.wh.a", "d/a", Kind.WHITEOUT),
        (b".wh.a", "a", Kind.WHITEOUT),
        (b"./.wh.a", "a", Kind.WHITEOUT),
        (b"d/.wh..wh..opq", "d", Kind.OPAQUE),
        (b".wh..wh..opq", ".", Kind.OPAQUE),
        (b".wh.", ".wh.", Kind.FILE),
        (b"d/.wh..", "d/.wh..", Kind.FILE),
        (b"d/.wh...", "d/.wh...", Kind.FILE),
        (b".wh..wh.aufs", ".wh..wh.aufs", Kind.FILE),
        (b".wh.d/a", ".wh.d/a", Kind.FILE),
        (b"x.wh.y", "x.wh.y", Kind.FILE),
    ],
)
def test_a_marker_is_known_by_its_base_name(name: bytes, path: str, kind: Kind) -> None:
    """What would hide nothing is an ordinary name, and who merges decides."""
    entry = the_entry(member(name))

    assert (entry.path, entry.kind, entry.target) == (path, kind, None)


@pytest.mark.parametrize(
    "tar",
    [
        pytest.param(member(b".wh.a", b"junk"), id="with content"),
        pytest.param(member(b".wh.a/", flag=b"5"), id="a directory"),
        pytest.param(member(b".wh.a", flag=b"2", link=b"/etc"), id="a symlink"),
        pytest.param(member(b".wh.a", flag=b"3"), id="a device"),
    ],
)
def test_a_marker_of_another_form_is_a_marker(tar: bytes) -> None:
    """Its name alone counts."""
    entry = the_entry(tar + member(b"b", b"y"), "tar-odd-marker")

    assert (entry.path, entry.kind, entry.size) == ("a", Kind.WHITEOUT, 0)
    assert (entry.target, entry.device) == (None, None)
    assert contents(decode(tar + END)) == {"a": b""}


@pytest.mark.hostile("numbers out of range")
@pytest.mark.parametrize(
    "tar",
    [
        pytest.param(member(b"a", uid=b"\xff" * 8), id="negative owner"),
        pytest.param(member(b"a", gid=b"\x80\0\0\1" + bytes(4)), id="group of 33 bits"),
        pytest.param(pax({b"uid": b"4294967296"}) + member(b"a"), id="PAX owner"),
        pytest.param(pax({b"gid": b"-1"}) + member(b"a"), id="PAX owner below 0"),
        pytest.param(
            member(b"a", flag=b"3", major=b"0010000\0"), id="major of 13 bits"
        ),
        pytest.param(
            member(b"a", flag=b"4", minor=b"4000000\0"), id="minor of 21 bits"
        ),
        pytest.param(member(b"a", flag=b"4", minor=b"\xff" * 8), id="negative minor"),
        pytest.param(member(b"a", mode=b"0200644\0"), id="mode of 17 bits"),
        pytest.param(member(b"a", mode=b"\xff" * 8), id="negative mode"),
    ],
)
def test_a_number_that_no_file_system_holds_is_noticed(tar: bytes) -> None:
    """And kept as it is."""
    the_entry(tar, "tar-number-range")


@pytest.mark.hostile("numbers out of range")
@pytest.mark.parametrize(
    ("tar", "mtime_ns"),
    [
        pytest.param(
            member(b"a", mtime=b"\x80" + bytes(3) + b"\x7f" + b"\xff" * 7),
            (2**63 - 1) * 10**9,
            id="the last second",
        ),
        pytest.param(
            member(b"a", mtime=b"\xff" * 4 + b"\x80" + bytes(7)),
            -(2**63) * 10**9,
            id="the first second",
        ),
        pytest.param(
            pax({b"mtime": b"9223372036854775807.999999999"}) + member(b"a"),
            2**63 * 10**9 - 1,
            id="the last nanosecond",
        ),
    ],
)
def test_a_time_far_from_now_is_exact(tar: bytes, mtime_ns: int) -> None:
    """No calendar has it, and no float; what 64 bits can't count is no number."""
    assert the_entry(tar).mtime_ns == mtime_ns
    with pytest.raises(BadExtensionError, match="mtime is no number"):
        decode(pax({b"mtime": b"9223372036854775808"}) + member(b"a") + END)


def test_the_largest_owner_is_none_to_notice() -> None:
    """32 bits."""
    assert the_entry(pax({b"uid": b"4294967295"}) + member(b"a")).uid == 0xFFFFFFFF


def test_file_type_bits_are_no_permissions() -> None:
    """Docker writes them into the mode."""
    assert the_entry(member(b"a", mode=b"0104755\0")).mode == 0o4755


@pytest.mark.hostile("deep trees and long paths")
@pytest.mark.parametrize(
    "tar",
    [
        pytest.param(pax({b"path": b"x" * 4097}) + member(b"a"), id="PAX path"),
        pytest.param(
            member(b"L", b"x" * 4097, flag=b"L") + member(b"a"), id="GNU name"
        ),
        pytest.param(
            pax({b"linkpath": b"x" * 4097}) + member(b"a", flag=b"2"), id="target"
        ),
    ],
)
def test_a_path_has_a_limit(tar: bytes) -> None:
    """One byte less is fine."""
    with pytest.raises(LimitExceededError) as caught:
        decode(tar + END)

    assert caught.value.limit == "path_bytes"
    assert decode(tar + END, limits=attrs.evolve(Limits(), path_bytes=4097))


@pytest.mark.hostile("deep trees and long paths")
@pytest.mark.parametrize("depth", [3, 200])
def test_a_depth_has_a_limit(depth: int) -> None:
    """However short the path."""
    tar = pax({b"path": b"/".join([b"a"] * depth)}) + member(b"a") + END

    assert entries(tar, limits=attrs.evolve(Limits(), path_depth=depth))
    with pytest.raises(LimitExceededError) as caught:
        decode(tar, limits=attrs.evolve(Limits(), path_depth=depth - 1))

    assert caught.value.limit == "path_depth"


def test_low_limits_hold_for_names_of_headers_too() -> None:
    """Which the fast road would not check."""
    tar = member(b"a/b/c") + END

    for limits in (
        attrs.evolve(Limits(), path_depth=2),
        attrs.evolve(Limits(), path_bytes=4),
    ):
        with pytest.raises(LimitExceededError):
            decode(tar, limits=limits)


def test_an_error_says_where_it_is() -> None:
    """The name of the member, and the place of its header."""
    tar = member(b"first") + pax({b"GNU.sparse.map": b"0"}) + member(b"second")

    decoder = TarDecoder()
    decoder.feed(tar)
    with pytest.raises(OCILayersError) as caught:
        decoder.finish()

    assert (caught.value.where, caught.value.offset) == ("second", 1536)
