"""Header blocks: every field means one thing, or the block is refused."""

from __future__ import annotations

import pytest
from tar_blocks import GNU, V7, header

from ocilayers.errors import BadHeaderError
from ocilayers.tar._header import (
    Header,
    fits_name,
    fits_number,
    number,
    padded,
    padding,
    parse_header,
    render_header,
)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param(b"0000644\0", 0o644, id="zero-filled, ended by NUL"),
        pytest.param(b"0000644 ", 0o644, id="ended by a blank"),
        pytest.param(b"    644\0", 0o644, id="filled with blanks"),
        pytest.param(b"644 \0\0\0\0", 0o644, id="blank and NULs at the end"),
        pytest.param(b"\0\0 644 \0", 0o644, id="NULs before it"),
        pytest.param(b"00000644", 0o644, id="no end at all"),
        pytest.param(b"644\0rest", 0o644, id="something after the NUL"),
        pytest.param(b"\0" * 8, 0, id="only NULs"),
        pytest.param(b" " * 8, 0, id="only blanks"),
        pytest.param(b"", 0, id="no field"),
        pytest.param(b"77777777777\0", 8**11 - 1, id="largest of 11 digits"),
        pytest.param(b"\x80" + bytes(6) + b"\x2a", 42, id="base 256"),
        pytest.param(b"\x80\0\0\0\x04" + bytes(7), 1 << 58, id="base 256, large"),
        pytest.param(b"\xff" * 8, -1, id="base 256, minus one"),
        pytest.param(b"\xff" * 11 + b"\xfb", -5, id="base 256, negative"),
        pytest.param(
            b"\x80\0\0\0\x7f" + b"\xff" * 7, (1 << 63) - 1, id="base 256, most"
        ),
        pytest.param(
            b"\xff" * 4 + b"\x80" + bytes(7), -(1 << 63), id="base 256, least"
        ),
    ],
)
def test_a_number_is_octal_or_base_256(field: bytes, expected: int) -> None:
    """Blanks and NULs around it mean nothing."""
    assert expected == number(field)


@pytest.mark.hostile("numbers out of range")
@pytest.mark.parametrize(
    "field",
    [
        pytest.param(b"0000008\0", id="not octal"),
        pytest.param(b"0o00644\0", id="a prefix that int() takes"),
        pytest.param(b"0_00644\0", id="an underscore that int() takes"),
        pytest.param(b"+000644\0", id="a sign that int() takes"),
        pytest.param(b"-000644\0", id="a minus"),
        pytest.param(b"64 4\0\0\0\0", id="a blank inside"),
        pytest.param(b"\t00644\0", id="a tab"),
        pytest.param(b"\x80\0\0\0\x80" + bytes(7), id="64 bits"),
        pytest.param(b"\xff\xff\xff\xff\x7f" + b"\xff" * 7, id="64 bits, negative"),
        pytest.param(b"\xc0" + bytes(11), id="base 256, far too small"),
    ],
)
def test_anything_else_is_no_number(field: bytes) -> None:
    """What `int()` would take for a number is none."""
    with pytest.raises(ValueError, match="number"):
        number(field)


def test_a_header_is_read_field_by_field() -> None:
    """Each field from its place."""
    block = header(
        b"file",
        flag=b"3",
        size=5,
        mode=b"0104755\0",
        uid=b"0001750\0",
        gid=b"0001751\0",
        mtime=1_600_000_000,
        link=b"target",
        user=b"alice",
        group=b"users",
        major=b"0000001\0",
        minor=b"0000003\0",
        prefix=b"usr/share",
    )

    assert Header(
        name=b"usr/share/file",
        mode=0o104755,
        uid=1000,
        gid=1001,
        size=5,
        mtime=1_600_000_000,
        flag=b"3",
        link=b"target",
        user=b"alice",
        group=b"users",
        device=(1, 3),
    ) == parse_header(block, 0)


def test_version_7_ends_after_the_link_name() -> None:
    """What follows has no meaning there."""
    block = header(b"a", magic=V7, prefix=b"anything at all")

    assert parse_header(block, 0).name == b"a"


def test_a_star_header_has_a_shorter_prefix() -> None:
    """Its end holds times and a mark."""
    tail = b"folder".ljust(131, b"\0") + b"00000000001\0" * 2 + bytes(8) + b"tar\0"

    assert parse_header(header(b"a", prefix=tail), 0).name == b"folder/a"


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        pytest.param(b"", b"a", id="empty"),
        pytest.param(b"00000000001\0" * 2, b"a", id="atime and ctime"),
        pytest.param(b"old/go", b"old/go/a", id="a prefix of Go before 1.8"),
        pytest.param(b"old/g\xf6", b"a", id="no times, and no plain text"),
    ],
)
def test_a_gnu_header_has_times_where_others_have_a_prefix(
    prefix: bytes, expected: bytes
) -> None:
    """Only what cannot be times is the prefix that an old writer meant."""
    assert parse_header(header(b"a", magic=GNU, prefix=prefix), 0).name == expected


def test_a_text_field_ends_at_its_first_nul_or_at_its_end() -> None:
    """A name of exactly 100 bytes has no NUL."""
    assert parse_header(header(b"x" * 100), 0).name == b"x" * 100
    assert parse_header(header(b"x\0y"), 0).name == b"x"


@pytest.mark.parametrize(
    "name", [pytest.param(b"a", id="plain"), pytest.param(b"\xe4\xf6\xfc", id="high")]
)
def test_a_checksum_may_be_of_signed_characters(name: bytes) -> None:
    """Some old writers summed them so."""
    block = header(name)
    blank = block[:148] + b" " * 8 + block[156:]
    signed = sum(byte - 256 * (byte > 127) for byte in blank)

    assert parse_header(header(name, checksum=b"%06o\0 " % signed), 0).name == name


@pytest.mark.hostile("a record of length 0, a negative size")
@pytest.mark.parametrize(
    ("block", "problem"),
    [
        pytest.param(header(checksum=b"000001\0 "), "checksum", id="checksum"),
        pytest.param(header(checksum=b"nothing!"), "octal", id="checksum no number"),
        pytest.param(b"\xff" * 512, "checksum", id="noise"),
        pytest.param(header(size=b"\xff" * 12), "negative size", id="negative size"),
        pytest.param(header(mode=b"rw-r--r-"), "octal", id="mode"),
        pytest.param(header(minor=b"0000009\0"), "octal", id="device"),
        pytest.param(
            header(prefix=bytes(131) + b"nonsense".ljust(32, b"\0") + b"tar\0"),
            "octal",
            id="atime of star",
        ),
    ],
)
def test_a_block_without_meaning_is_refused(block: bytes, problem: str) -> None:
    """The error says what and where."""
    with pytest.raises(BadHeaderError, match=problem) as caught:
        parse_header(block, 1536)

    assert caught.value.offset == 1536


@pytest.mark.parametrize(
    ("size", "expected"), [(0, 0), (1, 512), (512, 512), (513, 1024)]
)
def test_content_fills_whole_blocks(size: int, expected: int) -> None:
    """With zeros."""
    assert expected == padded(size) == size + len(padding(size))


@pytest.mark.parametrize(
    ("name", "split"),
    [
        pytest.param(b"a" * 100, (b"a" * 100, b""), id="just fits"),
        pytest.param(
            b"p" * 155 + b"/" + b"n" * 100, (b"n" * 100, b"p" * 155), id="longest"
        ),
        pytest.param(b"p/" + b"n" * 100, (b"n" * 100, b"p"), id="short prefix"),
        pytest.param(
            b"p" * 20 + b"/" + b"n" * 99 + b"/",
            (b"n" * 99 + b"/", b"p" * 20),
            id="a directory",
        ),
        pytest.param(
            b"p" * 50 + b"/" + b"q" * 49 + b"/" + b"n" * 50,
            (b"q" * 49 + b"/" + b"n" * 50, b"p" * 50),
            id="at the first slash that will do",
        ),
        pytest.param(
            b"p" * 50 + b"/" + b"q" * 9 + b"/" + b"n" * 91,
            (b"n" * 91, b"p" * 50 + b"/" + b"q" * 9),
            id="not where the name would be too long",
        ),
        pytest.param(b"p" * 100 + b"/n", (b"n", b"p" * 100), id="a name of one letter"),
    ],
)
def test_a_long_name_is_split_at_a_slash(
    name: bytes, split: tuple[bytes, bytes]
) -> None:
    """And is whole again when it is read."""
    block = render_header(Header(name, 0o644))

    assert fits_name(name)
    assert (block[:100].rstrip(b"\0"), block[345:500].rstrip(b"\0")) == split
    assert parse_header(block, 0).name == name


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"a" * 101, id="no slash"),
        pytest.param(b"p" * 156 + b"/n", id="prefix too long"),
        pytest.param(b"/" + b"n" * 101, id="no prefix"),
        pytest.param(b"n" * 110 + b"/", id="only the last slash"),
        pytest.param("ä".encode(), id="not ASCII"),
    ],
)
def test_other_names_do_not_fit(name: bytes) -> None:
    """They need a PAX header."""
    assert not fits_name(name)


@pytest.mark.parametrize(
    ("value", "width", "expected"),
    [(0, 8, True), (0o7777777, 8, True), (0o10000000, 8, False), (-1, 12, False)],
)
def test_a_field_has_one_digit_less_than_bytes(
    value: int, width: int, *, expected: bool
) -> None:
    """The last byte is NUL."""
    assert fits_number(value, width) == expected
