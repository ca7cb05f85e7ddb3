"""PAX records: lengths that hold to the byte, exact numbers, binary values."""

from __future__ import annotations

import binascii
import time
from contextlib import suppress

import pytest
from tar_blocks import record

from ocilayers.errors import BadExtensionError
from ocilayers.tar._pax import (
    Pax,
    carried_record,
    decode,
    encode,
    nanoseconds,
    natural,
    parse_records,
    read_pax,
    render_records,
    seconds,
    xattr_record,
)


def _read(*records: tuple[bytes, bytes]) -> Pax:
    return read_pax(records, 0)


def test_records_follow_each_other() -> None:
    """Values may hold anything, also what looks like a record."""
    value = b"12 path=x\n\0\xff="
    payload = record(b"a", b"1") + record(b"SCHILY.xattr.user.k", value)

    assert [(b"a", b"1"), (b"SCHILY.xattr.user.k", value)] == list(
        parse_records(payload, 0)
    )


@pytest.mark.hostile("a malformed extension header")
@pytest.mark.hostile("a record of length 0, a negative size")
@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"11 path=abc\n", id="a byte too short"),
        pytest.param(b"13 path=abc\n", id="a byte too long"),
        pytest.param(b"012 path=abc\n", id="another length than it says"),
        pytest.param(b"0 path=abc\n", id="length 0"),
        pytest.param(b"3 a=b\n", id="ends before the key"),
        pytest.param(b"5 a=b", id="no newline"),
        pytest.param(b"6 a b\n", id="no equals sign"),
        pytest.param(b"5 =b\n", id="no key"),
        pytest.param(b" a=b\n", id="no length"),
        pytest.param(b"a=b\n", id="no length and no blank"),
        pytest.param(b"+6 a=b\n", id="a sign that int() takes"),
        pytest.param(b"1_2 path=abc\n", id="an underscore that int() takes"),
        pytest.param("٦ a=b\n".encode(), id="digits that int() takes"),
        pytest.param(b"9" * 5000 + b" a=b\n", id="more digits than int() takes"),
        pytest.param(b"\0" * 512, id="padding"),
        pytest.param(b"6 a=b\n\0", id="a byte after the last record"),
        pytest.param(record(b"path", b"a\0b"), id="NUL in a path"),
        pytest.param(record(b"linkpath", b"a\0b"), id="NUL in a target"),
        pytest.param(record(b"uname", b"a\0b"), id="NUL in an owner"),
        pytest.param(record(b"SCHILY.xattr.a\0b", b"c"), id="NUL in a key"),
    ],
)
def test_a_record_without_meaning_is_refused(payload: bytes) -> None:
    """Nothing is skipped: who skips reads other entries than who does not."""
    with pytest.raises(BadExtensionError, match="PAX record") as caught:
        list(parse_records(payload, 512))

    assert caught.value.offset is not None
    assert caught.value.offset >= 512


@pytest.mark.hostile("records that a pattern backtracks over")
@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"9" * 1_000_000, id="digits"),
        pytest.param(b"5 a=\n" * 200_000, id="many records"),
        pytest.param(b" " * 1_000_000, id="blanks"),
        pytest.param(record(b"a", b"=" * 1_000_000), id="one long value"),
    ],
)
def test_records_take_linear_time(payload: bytes) -> None:
    """CVE-2024-6232 was a pattern that backtracked over them."""
    begin = time.process_time()
    with suppress(BadExtensionError):
        read_pax(parse_records(payload, 0), 0)

    assert time.process_time() - begin < 5


@pytest.mark.spec(
    "image-spec layer.md, Platform-specific attributes",
    "Implementations on Windows MUST support these additional attributes, "
    "encoded in PAX vendor extensions as follows",
)
def test_each_key_has_its_place() -> None:
    """Those without one mean nothing to a layer."""
    pax = _read(
        (b"path", b"p"),
        (b"linkpath", b"l"),
        (b"uname", b"u"),
        (b"gname", b"g"),
        (b"size", b"1"),
        (b"uid", b"2"),
        (b"gid", b"3"),
        (b"mtime", b"4.5"),
        (b"atime", b"nonsense"),
        (b"comment", b"c"),
        (b"SCHILY.xattr.user.k", b"\xff\0"),
        (b"MSWINDOWS.fileattr", b"32"),
        (b"LIBARCHIVE.creationtime", b"7"),
        (b"GNU.sparse.major", b"1"),
    )

    assert pax == Pax(
        texts={b"path": b"p", b"linkpath": b"l", b"uname": b"u", b"gname": b"g"},
        numbers={b"size": 1, b"uid": 2, b"gid": 3},
        mtime_ns=4_500_000_000,
        xattrs={"user.k": b"\xff\0"},
        records={"MSWINDOWS.fileattr": b"32", "LIBARCHIVE.creationtime": b"7"},
        sparse={b"major": b"1"},
    )


def test_the_last_record_of_a_key_counts() -> None:
    """In one header, as POSIX has it."""
    pax = _read((b"path", b"a"), (b"path", b"b"), (b"size", b"1"), (b"size", b"2"))

    assert (pax.texts, pax.numbers) == ({b"path": b"b"}, {b"size": 2})


@pytest.mark.parametrize("key", [b"path", b"uname", b"size", b"uid", b"mtime"])
def test_a_record_without_value_takes_back_the_one_before_it(key: bytes) -> None:
    """As in Go: the last of a key counts, and the header's own field then."""
    assert _read((key, b"1"), (key, b"")) == Pax(empty=[key])


@pytest.mark.parametrize("key", [b"uid", b"gid"])
def test_an_owner_may_be_negative(key: bytes) -> None:
    """Go writes such numbers, and reads them."""
    assert _read((key, b"-2")).numbers == {key: -2}


@pytest.mark.parametrize("key", [b"path", b"uname", b"size", b"mtime"])
def test_a_record_without_value_has_no_effect(key: bytes) -> None:
    """As in Go: the header's own field counts."""
    assert _read((key, b"")) == Pax(empty=[key])


def test_an_extended_attribute_may_be_empty() -> None:
    """That is a value."""
    assert _read((b"SCHILY.xattr.user.k", b"")).xattrs == {"user.k": b""}


@pytest.mark.hostile("a malformed extension header")
@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param(b"size", b"-1", id="negative"),
        pytest.param(b"size", b"+1", id="plus"),
        pytest.param(b"uid", b"1_0", id="underscore"),
        pytest.param(b"gid", "٦".encode(), id="other digits"),
        pytest.param(b"uid", b"-", id="only a minus"),
        pytest.param(b"uid", b"--1", id="two minuses"),
        pytest.param(b"size", b" 1", id="blank"),
        pytest.param(b"size", b"1.0", id="point"),
        pytest.param(b"size", b"0x1", id="hexadecimal"),
        pytest.param(b"size", b"9223372036854775808", id="64 bits"),
        pytest.param(b"size", b"9" * 100_000, id="very many digits"),
        pytest.param(b"mtime", b"nan", id="not a number"),
        pytest.param(b"mtime", b"inf", id="infinite"),
        pytest.param(b"mtime", b"1e9", id="exponent"),
        pytest.param(b"mtime", b".5", id="no whole seconds"),
        pytest.param(b"mtime", b"-", id="only a sign"),
        pytest.param(b"mtime", b"--1", id="two signs"),
        pytest.param(b"mtime", b"1.-5", id="sign in the fraction"),
        pytest.param(b"mtime", b"1.2.3", id="two points"),
    ],
)
def test_a_number_that_is_none_is_refused(key: bytes, value: bytes) -> None:
    """The error names the record."""
    with pytest.raises(BadExtensionError, match=f"{key.decode()} is no"):
        _read((key, value))


def test_leading_zeros_are_digits() -> None:
    """As many as there are."""
    assert natural(b"0" * 5000 + b"42") == 42


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"0", 0),
        (b"1.", 1_000_000_000),
        (b"1623023914.123456789", 1_623_023_914_123_456_789),
        (b"1.1234567899", 1_123_456_789),
        (b"-1.5", -1_500_000_000),
        (b"-0.000000001", -1),
        (b"253402300800", 253_402_300_800_000_000_000),
    ],
)
def test_a_time_is_exact(text: bytes, expected: int) -> None:
    """To the nanosecond, before the epoch too."""
    assert expected == nanoseconds(text)


@pytest.mark.parametrize("nanos", [0, 1, -1, 10**9, -(10**9), 15 * 10**8, 10**27 + 1])
def test_a_time_is_written_as_it_is_read(nanos: int) -> None:
    """Without zeros at its end."""
    assert nanos == nanoseconds(seconds(nanos))
    assert not seconds(nanos).endswith(b".")


@pytest.mark.parametrize("length", [1, 2, 3, 88, 89, 90, 91, 987, 988, 989, 990])
def test_a_length_counts_its_own_digits(length: int) -> None:
    """Also where one more digit makes it need one more."""
    rendered = render_records({b"k": b"v" * length})

    assert rendered == record(b"k", b"v" * length)


def test_records_are_written_in_the_order_of_their_keys() -> None:
    """However they were gathered."""
    assert render_records({b"b": b"", b"a": b""}) == render_records(
        {b"a": b"", b"b": b""}
    )


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("user.k", id="plain"),
        pytest.param("user.eq=sign", id="equals sign"),
        pytest.param("user.%41=", id="percent sign"),
        pytest.param("user.\udcff=ä \n", id="other bytes"),
    ],
)
def test_an_extended_attribute_is_read_as_it_was_written(name: str) -> None:
    """Also where its name holds what ends a key."""
    value = bytes(range(256))

    assert _read(xattr_record(name, value)).xattrs == {name: value}


@pytest.mark.parametrize("value", [b"", b"a", b"ab", b"abc", b"abcd"])
def test_libarchive_writes_base64_without_padding(value: bytes) -> None:
    """Either way it is read."""
    key, text = xattr_record("a=b", value)

    assert b"=" not in text
    assert _read((key, text + b"=" * (-len(text) % 4))).xattrs == {"a=b": value}


def test_the_raw_form_of_an_attribute_counts() -> None:
    """The bsdtar tool writes both, in either order."""
    raw = (b"SCHILY.xattr.user.k", b"raw")
    encoded = (b"LIBARCHIVE.xattr.user.k", b"ZW5jb2RlZA")

    assert (
        _read(raw, encoded).xattrs == _read(encoded, raw).xattrs == {"user.k": b"raw"}
    )
    assert _read(encoded).xattrs == {"user.k": b"encoded"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param(b"SCHILY.xattr.", b"v", id="raw, no name"),
        pytest.param(b"LIBARCHIVE.xattr.", b"dg", id="encoded, no name"),
        pytest.param(b"LIBARCHIVE.xattr.a%4", b"dg", id="half an escape"),
        pytest.param(b"LIBARCHIVE.xattr.a%zz", b"dg", id="no escape"),
        pytest.param(b"LIBARCHIVE.xattr.a%00b", b"dg", id="a NUL"),
        pytest.param(b"LIBARCHIVE.xattr.a", b"d", id="half a byte"),
        pytest.param(b"LIBARCHIVE.xattr.a", b"*", id="no base64"),
    ],
)
def test_an_attribute_that_cannot_be_decoded_is_named(key: bytes, value: bytes) -> None:
    """And left out."""
    assert _read((key, value)) == Pax(broken=[key])


@pytest.mark.parametrize("name", ["", "a\0b", "a\ud800"])
def test_an_attribute_needs_a_name_that_can_be_written(name: str) -> None:
    """Linux allows no NUL."""
    with pytest.raises(ValueError, match=r"name|surrogates"):
        xattr_record(name, b"")


@pytest.mark.parametrize("name", ["path", "MSWINDOWS.a=b", "MSWINDOWS.a\0b"])
def test_only_certain_records_are_carried(name: str) -> None:
    """No record may pass for another."""
    with pytest.raises(ValueError, match="no record to carry"):
        carried_record(name, b"")


def test_a_carried_record_is_written_as_it_was_read() -> None:
    """Byte for byte."""
    item = carried_record("MSWINDOWS.rawsd", b"\xff\n")

    assert _read(item).records == {"MSWINDOWS.rawsd": b"\xff\n"}


def test_sparse_pieces_are_pairs() -> None:
    """Their order is all that says which belongs to which."""
    pax = _read((b"GNU.sparse.offset", b"0"), (b"GNU.sparse.numbytes", b"1"))

    assert pax.sparse_map == [b"0", b"1"]


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param([b"GNU.sparse.numbytes"], id="length first"),
        pytest.param([b"GNU.sparse.offset", b"GNU.sparse.offset"], id="offset twice"),
    ],
)
def test_sparse_pieces_out_of_order_are_refused(keys: list[bytes]) -> None:
    """As in Go."""
    with pytest.raises(BadExtensionError, match="out of order"):
        _read(*((key, b"0") for key in keys))


def test_any_bytes_survive_as_text() -> None:
    """Names are bytes."""
    assert encode(decode(bytes(range(256)))) == bytes(range(256))


@pytest.mark.parametrize(
    ("nanos", "text"),
    [
        (0, b"0"),
        (10**10, b"10"),
        (100_500_000_000, b"100.5"),
        (-1, b"-0.000000001"),
        (1, b"0.000000001"),
    ],
    ids=str,
)
def test_a_time_is_as_short_as_it_can_be(nanos: int, text: bytes) -> None:
    """Zeros before the point are not cut off."""
    assert text == seconds(nanos)


@pytest.mark.parametrize("text", [b"YQ", b"YQ==", b"YWE", b"YWE=", b"YWFh"], ids=str)
def test_base64_may_be_padded(text: bytes) -> None:
    """Or not, as libarchive leaves it."""
    pax = _read((b"LIBARCHIVE.xattr.user.a", text))

    assert {"user.a": binascii.a2b_base64(text + b"==")} == pax.xattrs


@pytest.mark.parametrize("value", [b"a", b"aa", b"aaa"], ids=str)
def test_base64_is_written_without_padding(value: bytes) -> None:
    """As libarchive writes it."""
    key, text = xattr_record("user.a=b", value)

    assert b"LIBARCHIVE.xattr.user.a%3Db" == key
    assert binascii.b2a_base64(value, newline=False).rstrip(b"=") == text


def test_a_length_has_19_digits_at_most() -> None:
    """No number of 64 bits has more."""
    assert [(b"a", b"b")] == list(parse_records(b"%019d a=b\n" % 24, 0))
    with pytest.raises(BadExtensionError):
        list(parse_records(b"%020d a=b\n" % 25, 0))
