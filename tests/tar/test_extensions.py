"""Extension headers: which of several counts, and for whom."""

from __future__ import annotations

import pytest
from tar_blocks import END, contents, decode, member, pax, the_entry

from ocilayers.errors import BadExtensionError
from ocilayers.tar.entry import Entry


@pytest.mark.spec(
    "POSIX.1-2024 pax, Extended Header Keywords",
    "path: The pathname of the following file(s). This record shall override "
    "the name and prefix fields in the following header block(s).",
)
def test_pax_records_stand_in_for_fields() -> None:
    """All of them."""
    records = {
        b"path": "d/ä".encode(),
        b"uid": b"3000000000",
        b"gid": b"3000000001",
        b"uname": "ö".encode(),
        b"gname": "ü".encode(),
        b"mtime": b"-1.5",
        b"SCHILY.xattr.security.capability": b"\1\0\0\2",
        b"MSWINDOWS.fileattr": b"32",
    }

    assert Entry(
        "d/ä",
        "file",
        0o644,
        3_000_000_000,
        3_000_000_001,
        "ö",
        "ü",
        -1_500_000_000,
        xattrs={"security.capability": b"\1\0\0\2"},
        records={"MSWINDOWS.fileattr": b"32"},
    ) == the_entry(pax(records) + member(b"a"))


@pytest.mark.hostile("PAX size over ustar size 0")
@pytest.mark.hostile("PAX size over another ustar size")
@pytest.mark.parametrize("size", [0, 3, 699, 5000, 8**11 - 1])
def test_a_pax_size_counts_whatever_the_header_says(size: int) -> None:
    """CVE-2025-62518, CVE-2026-33055: the other one leads to other entries."""
    content = b"x" * 700
    tar = pax({b"size": b"700"}) + member(b"a", content, size=size) + member(b"b")

    assert contents(decode(tar + END)) == {"a": content, "b": b""}


@pytest.mark.hostile("PAX size before a GNU header")
@pytest.mark.parametrize(
    "between",
    [
        pytest.param(member(b"L", b"long\0", flag=b"L"), id="a long name"),
        pytest.param(member(b"K", b"target\0", flag=b"K"), id="a long link name"),
        pytest.param(
            member(b"K", b"target\0", flag=b"K") + member(b"L", b"long\0", flag=b"L"),
            id="both",
        ),
        pytest.param(pax({b"size": b"9"}) + pax({b"size": b"700"}), id="PAX again"),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_a_pax_size_is_not_that_of_another_extension_header(
    between: bytes, *, first: bool
) -> None:
    """CVE-2026-53655: extension headers have sizes of their own."""
    size = pax({b"size": b"700"})
    extensions = size + between if first else between + size
    tar = extensions + member(b"long", b"x" * 700, size=0) + member(b"b")

    assert contents(decode(tar + END)) == {"long": b"x" * 700, "b": b""}


@pytest.mark.hostile("a malformed extension header")
@pytest.mark.parametrize(
    "extension",
    [
        pytest.param(pax(b"999 path=b\n"), id="a length past the end"),
        pytest.param(pax(b"7 path=b\n"), id="a length that is too short"),
        pytest.param(pax(b"0 path=b\n"), id="no length"),
        pytest.param(pax({b"size": b"+9"}), id="a sign"),
        pytest.param(pax({b"size": b"1_0"}), id="an underscore"),
        pytest.param(pax({b"size": "٣".encode()}), id="digits of another script"),
        pytest.param(pax({b"size": b"-1"}), id="a negative size"),
        pytest.param(pax({b"size": b"0x10"}), id="another base"),
        pytest.param(pax({b"mtime": b"inf"}), id="no end of time"),
        pytest.param(pax({b"path": b"a\0b"}), id="a NUL in a path"),
        pytest.param(pax(b"x" * 512, flag=b"g"), id="for all members"),
        pytest.param(pax(b"x" * 512, flag=b"X"), id="of Solaris"),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_a_malformed_extension_header_is_never_passed_over(
    extension: bytes, *, strict: bool
) -> None:
    """Whoever passes over it reads other entries than whoever does not."""
    with pytest.raises(BadExtensionError) as caught:
        decode(extension + member(b"a") + END, strict=strict)

    assert caught.value.offset is not None


def test_of_two_pax_headers_the_last_counts_alone() -> None:
    """As in Go, GNU tar and umoci; CPython takes the first."""
    tar = pax({b"path": b"a", b"uid": b"5"}) + pax({b"path": b"b"}) + member(b"c")
    entry = the_entry(tar, "tar-repeated-extension")

    assert (entry.path, entry.uid) == ("b", 0)


@pytest.mark.parametrize("flag", [b"L", b"K"])
def test_of_two_long_names_the_last_counts(flag: bytes) -> None:
    """As in Go."""
    tar = member(b"L", b"x\0", flag=flag) + member(b"L", b"y\0", flag=flag)
    entry = the_entry(
        tar + member(b"a", flag=b"2", link=b"b"), "tar-repeated-extension"
    )

    assert {"y"} <= {entry.path, entry.target}


@pytest.mark.parametrize(
    ("flag", "key"), [(b"L", b"path"), (b"K", b"linkpath")], ids=["name", "link"]
)
def test_a_gnu_name_counts_beside_a_pax_record(flag: bytes, key: bytes) -> None:
    """As in Go, in either order."""
    long, record = member(b"L", b"gnu\0", flag=flag), pax({key: b"pax"})
    last = member(b"a", flag=b"2", link=b"b")

    for tar in (long + record + last, record + long + last):
        entry = the_entry(tar, "tar-two-names")
        assert "gnu" in {entry.path, entry.target}
        assert "pax" not in {entry.path, entry.target}


def test_an_empty_long_name_is_none() -> None:
    """As in Go."""
    tar = member(b"L", b"\0", flag=b"L") + pax({b"path": b"b"}) + member(b"a")

    assert the_entry(tar).path == "b"


@pytest.mark.parametrize("key", [b"path", b"linkpath", b"size", b"mtime", b"uname"])
def test_an_empty_record_changes_nothing(key: bytes) -> None:
    """As in Go: the header's own field counts."""
    plain = the_entry(member(b"a", b"x", mtime=5, user=b"u"))

    assert plain == the_entry(
        pax({key: b""}) + member(b"a", b"x", mtime=5, user=b"u"), "tar-empty-record"
    )


def test_an_attribute_that_cannot_be_decoded_is_left_out() -> None:
    """The entry is not."""
    tar = pax({b"LIBARCHIVE.xattr.a": b"*"}) + member(b"a")

    assert the_entry(tar, "tar-xattr-record").xattrs == {}


@pytest.mark.hostile("a type that readers take for another")
def test_a_global_header_changes_nothing() -> None:
    """As in containerd and Docker; GNU tar and CPython apply it to what follows."""
    tar = pax({b"path": b"evil", b"size": b"9"}, flag=b"g") + member(b"a", b"x")

    assert the_entry(tar, "tar-global-records").path == "a"


@pytest.mark.parametrize(
    "extension",
    [
        pytest.param(pax({b"path": b"b"}), id="PAX"),
        pytest.param(member(b"long", b"b\0", flag=b"L"), id="GNU name"),
        pytest.param(member(b"long", b"b\0", flag=b"K"), id="GNU link"),
    ],
)
def test_an_extension_header_does_not_reach_over_a_global_one(extension: bytes) -> None:
    """As in Go; GNU tar and CPython let it reach the member behind."""
    comment = pax({b"comment": b"c"}, flag=b"g")
    tar = extension + comment + member(b"a", flag=b"2", link=b"a")

    entry = the_entry(tar, "tar-global-comment", "tar-dangling-extension")

    assert (entry.path, entry.target) == ("a", "a")


def test_a_global_comment_is_a_note() -> None:
    """The git archive command writes one."""
    the_entry(pax({b"comment": b"c"}, flag=b"g") + member(b"a"), "tar-global-comment")
