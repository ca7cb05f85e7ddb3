r"""PAX extended headers: records of text before a member.

Law: a record is `LENGTH KEY=VALUE\n` to the byte, or the header is refused;
numbers are ASCII digits and nothing else.

Source: POSIX.1-2024, pax, Extended Header; star(5) for `SCHILY.*`; libarchive's
tar(5) for `LIBARCHIVE.*`.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import attrs

from ocilayers.errors import BadExtensionError

__all__ = [
    "TEXTS",
    "Pax",
    "Record",
    "carried_record",
    "decode",
    "encode",
    "nanoseconds",
    "natural",
    "parse_records",
    "read_pax",
    "render_records",
    "seconds",
    "xattr_record",
]

Record = tuple[bytes, bytes]
"""A key and its value."""

_SCHILY_XATTR: Final = b"SCHILY.xattr."
_LIBARCHIVE_XATTR: Final = b"LIBARCHIVE.xattr."
_SPARSE: Final = b"GNU.sparse."
TEXTS: Final = frozenset({b"path", b"linkpath", b"uname", b"gname"})
"""Keys of records that hold names."""

_NAMES: Final = TEXTS | {b"GNU.sparse.name"}
_SIZE: Final = b"size"
_NUMBERS: Final = frozenset({_SIZE, b"uid", b"gid"})
_MTIME: Final = b"mtime"
#: Meant for other systems, with no field of ours: carried along as written.
_CARRIED: Final = (b"MSWINDOWS.", b"LIBARCHIVE.creationtime")

_INT64: Final = 1 << 63
#: No number of 64 bits has more digits.
_MOST_DIGITS: Final = 19
_NANO: Final = 9
_HEX: Final = frozenset(b"0123456789abcdefABCDEF")
_PERCENT_DIGITS: Final = 2
#: What libarchive writes as it is: printable, and neither `%` nor `=`.
_UNRESERVED: Final = frozenset(range(0x21, 0x7F)) - frozenset(b"%=")


@attrs.define
class Pax:
    """What the records before one member say.

    Attributes:
        texts: `path`, `linkpath`, `uname` and `gname`, as far as they are there.
        numbers: `size`, `uid` and `gid`, as far as they are there.
        mtime_ns: In nanoseconds since the epoch, when it is there.
        xattrs: Extended attributes.
        records: Carried along, as written.
        sparse: `GNU.sparse.*` without that prefix.
        sparse_map: Values of `GNU.sparse.offset` and `GNU.sparse.numbytes` in turn.
        empty: Keys that have no value, and no effect.
        broken: Keys of extended attributes that cannot be decoded.
    """

    texts: dict[bytes, bytes] = attrs.field(factory=dict[bytes, bytes])
    numbers: dict[bytes, int] = attrs.field(factory=dict[bytes, int])
    mtime_ns: int | None = None
    xattrs: dict[str, bytes] = attrs.field(factory=dict[str, bytes])
    records: dict[str, bytes] = attrs.field(factory=dict[str, bytes])
    sparse: dict[bytes, bytes] = attrs.field(factory=dict[bytes, bytes])
    sparse_map: list[bytes] = attrs.field(factory=list[bytes])
    empty: list[bytes] = attrs.field(factory=list[bytes])
    broken: list[bytes] = attrs.field(factory=list[bytes])


def parse_records(payload: bytes, offset: int) -> Iterator[Record]:
    """Take the records of one extended header apart, in their order.

    Args:
        payload: The whole content of the header.
        offset: Where it stands in the tar, for the error.

    Raises:
        BadExtensionError: The length of a record is none or does not end it, or it
            has no key.
    """
    position = 0
    while position < len(payload):
        space = payload.find(b" ", position, position + _MOST_DIGITS + 1)
        length = payload[position:space] if space >= 0 else b""
        end = position + int(length) if length.isdigit() else 0
        key, equals, value = payload[space + 1 : end - 1].partition(b"=")
        if not (key and equals and payload[end - 1 : end] == b"\n"):
            raise BadExtensionError(
                "a PAX record does not end where it says", offset=offset + position
            )
        if b"\0" in key or (key in _NAMES and b"\0" in value):
            raise BadExtensionError(
                f"the PAX record {decode(key)} holds a NUL", offset=offset + position
            )
        yield key, value
        position = end


def read_pax(records: Iterable[Record], offset: int) -> Pax:
    """Read what records say. The last of each key counts.

    Raises:
        BadExtensionError: A number is none, or sparse pieces are out of order.
    """
    pax = Pax()
    fields: dict[bytes, bytes] = {}
    encoded: dict[str, bytes] = {}
    for key, value in records:
        if key in TEXTS or key in _NUMBERS or key == _MTIME:
            fields[key] = value
        elif key.startswith(_SCHILY_XATTR):
            _read_raw(pax, key, value)
        elif key.startswith(_LIBARCHIVE_XATTR):
            _read_encoded(pax, encoded, key, value)
        elif key.startswith(_SPARSE):
            _read_sparse(pax, key.removeprefix(_SPARSE), value, offset)
        elif key.startswith(_CARRIED):
            pax.records[decode(key)] = value
    for key, value in fields.items():
        _read_field(pax, key, value, offset)
    # bsdtar writes both forms; the raw one needs no decoding.
    pax.xattrs = encoded | pax.xattrs
    return pax


def _read_field(pax: Pax, key: bytes, value: bytes, offset: int) -> None:
    if not value:
        pax.empty.append(key)
    elif key in TEXTS:
        pax.texts[key] = value
    elif key == _MTIME:
        pax.mtime_ns = _parsed(nanoseconds, key, value, offset)
    elif key == _SIZE:
        pax.numbers[key] = _parsed(natural, key, value, offset)
    else:
        pax.numbers[key] = _parsed(_integer, key, value, offset)


def _parsed(
    parse: Callable[[bytes], int], key: bytes, value: bytes, offset: int
) -> int:
    try:
        return parse(value)
    except ValueError as error:
        raise BadExtensionError(
            f"the PAX record {decode(key)} is {error}", offset=offset
        ) from None


def _read_raw(pax: Pax, key: bytes, value: bytes) -> None:
    name = key.removeprefix(_SCHILY_XATTR)
    if name:
        pax.xattrs[decode(name)] = value
    else:
        pax.broken.append(key)


def _read_encoded(
    pax: Pax, encoded: dict[str, bytes], key: bytes, value: bytes
) -> None:
    try:
        name = _percent_decoded(key.removeprefix(_LIBARCHIVE_XATTR))
        # libarchive writes base64 without its padding.
        text = value.rstrip(b"=")
        content = binascii.a2b_base64(text + b"=" * (-len(text) % 4), strict_mode=True)
    except ValueError:
        pax.broken.append(key)
    else:
        encoded[decode(name)] = content


def _read_sparse(pax: Pax, key: bytes, value: bytes, offset: int) -> None:
    if key not in {b"offset", b"numbytes"}:
        pax.sparse[key] = value
        return
    # Version 0.0 repeats this pair for each piece: order is all its meaning.
    if (key == b"offset") == bool(len(pax.sparse_map) % 2):
        raise BadExtensionError("sparse pieces are out of order", offset=offset)
    pax.sparse_map.append(value)


def natural(value: bytes) -> int:
    """Read ASCII digits.

    Raises:
        ValueError: There is something else, or more than 63 bits.
    """
    digits = value.lstrip(b"0")[: _MOST_DIGITS + 1]
    number = int(digits or b"0") if value.isdigit() else _INT64
    if number >= _INT64:
        raise ValueError(f"no number: {value[:40]!r}")
    return number


def _integer(value: bytes) -> int:
    # Go writes owners below 0 like this, and so does its base 256.
    return -natural(value[1:]) if value[:1] == b"-" else natural(value)


def nanoseconds(value: bytes) -> int:
    """Read decimal seconds as nanoseconds; finer digits are cut off, as in Go.

    >>> nanoseconds(b"1623023914.5"), nanoseconds(b"-0.000000001")
    (1623023914500000000, -1)

    Raises:
        ValueError: It is no decimal number.
    """
    sign = -1 if value[:1] == b"-" else 1
    whole, _, fraction = value[sign < 0 :].partition(b".")
    if fraction.strip(b"0123456789"):
        raise ValueError(f"no time: {value[:40]!r}")
    nanos = int(fraction[:_NANO].ljust(_NANO, b"0"))
    return sign * (natural(whole) * 10**_NANO + nanos)


def seconds(nanos: int) -> bytes:
    """Write nanoseconds as decimal seconds: the inverse of `nanoseconds`."""
    whole, rest = divmod(abs(nanos), 10**_NANO)
    text = b"%d.%09d" % (whole, rest)
    return b"-" * (nanos < 0) + text.rstrip(b"0").removesuffix(b".")


def render_records(records: Mapping[bytes, bytes]) -> bytes:
    """Write the records of one extended header, in the order of their keys."""
    return b"".join(_render(key, records[key]) for key in sorted(records))


def _render(key: bytes, value: bytes) -> bytes:
    body = b" %b=%b\n" % (key, value)
    # The length counts its own digits.
    length = len(body) + len(str(len(body)))
    length = len(body) + len(str(length))
    return b"%d%b" % (length, body)


def xattr_record(name: str, value: bytes) -> Record:
    """Write an extended attribute.

    A name that holds `=` would end at it, so such names take libarchive's form.

    Raises:
        ValueError: The name is empty or holds a NUL.
    """
    key = encode(name)
    if not key or b"\0" in key:
        raise ValueError(f"{name!r} is no name of an extended attribute")
    if b"=" not in key:
        return _SCHILY_XATTR + key, value
    text = binascii.b2a_base64(value, newline=False).rstrip(b"=")
    return _LIBARCHIVE_XATTR + _percent_encoded(key), text


def carried_record(name: str, value: bytes) -> Record:
    """Write a record that is carried along.

    Raises:
        ValueError: Its key would be read as something else.
    """
    key = encode(name)
    if not key.startswith(_CARRIED) or b"=" in key or b"\0" in key:
        raise ValueError(f"{name!r} is no record to carry along")
    return key, value


def _percent_encoded(name: bytes) -> bytes:
    return b"".join(
        b"%c" % byte if byte in _UNRESERVED else b"%%%02X" % byte for byte in name
    )


def _percent_decoded(name: bytes) -> bytes:
    first, *rest = name.split(b"%")
    if not name:
        raise ValueError
    decoded = [first]
    for part in rest:
        digits = part[:_PERCENT_DIGITS]
        if len(digits) < _PERCENT_DIGITS or not _HEX.issuperset(digits):
            raise ValueError
        decoded += bytes((int(digits, 16),)), part[_PERCENT_DIGITS:]
    whole = b"".join(decoded)
    if b"\0" in whole:
        raise ValueError
    return whole


def decode(name: bytes) -> str:
    """Bytes of a name as text; what is not UTF-8 survives."""
    return name.decode("utf-8", "surrogateescape")


def encode(name: str) -> bytes:
    """Text of a name as bytes: the inverse of `decode`.

    Raises:
        ValueError: It holds surrogates that stand for no byte.
    """
    return name.encode("utf-8", "surrogateescape")
