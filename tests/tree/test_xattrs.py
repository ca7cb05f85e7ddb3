"""Capabilities and access control lists, decoded when they are asked for."""

from __future__ import annotations

import struct

import pytest

from ocilayers.errors import BadExtensionError
from ocilayers.tree.xattrs import FileCapabilities, file_capabilities, posix_acl

NET_RAW = 1 << 13
CHOWN = 1


@pytest.mark.parametrize(
    ("value", "text", "root_uid"),
    [
        pytest.param(
            struct.pack("<III", 0x01000001, NET_RAW, 0), "cap_net_raw=ep", 0, id="v1"
        ),
        pytest.param(
            struct.pack("<IIIII", 0x02000000, NET_RAW, CHOWN, 0, 0),
            "cap_net_raw=p cap_chown=i",
            0,
            id="v2, not in force",
        ),
        pytest.param(
            struct.pack("<IIIIII", 0x03000001, CHOWN, CHOWN, 1, 0, 1000),
            "cap_chown=eip cap_mac_override=ep",
            1000,
            id="v3 with the owner of a namespace",
        ),
        pytest.param(
            struct.pack("<IIIII", 0x02000001, 0, 0, 1 << 30, 0),
            "62=ep",
            0,
            id="a capability that has no name yet",
        ),
    ],
)
def test_capabilities_read_as_getcap_writes_them(
    value: bytes, text: str, root_uid: int
) -> None:
    """Revisions 1 to 3."""
    found = file_capabilities(value)

    assert text == str(found)
    assert root_uid == found.root_uid


def test_no_capability_is_a_value_too() -> None:
    """It takes away what a lower layer gave."""
    empty = file_capabilities(struct.pack("<IIIII", 0x02000000, 0, 0, 0, 0))

    assert FileCapabilities(frozenset()) == empty
    assert "" == str(empty)


@pytest.mark.parametrize(
    "value",
    [b"", b"\0\0\0\1", b"\0\0\0\4" + bytes(16), b"\0\0\0\2" + bytes(8)],
    ids=["empty", "cut", "another revision", "too short for its revision"],
)
def test_what_is_no_capability_is_refused(value: bytes) -> None:
    """With one of our errors."""
    with pytest.raises(BadExtensionError, match="capabilities"):
        file_capabilities(value)


def test_an_acl_reads_as_getfacl_writes_it() -> None:
    """Only named users and groups have an id."""
    lines = [
        (0x01, 7, 0xFFFFFFFF),
        (0x02, 6, 1000),
        (0x04, 5, 0xFFFFFFFF),
        (0x08, 4, 50),
        (0x10, 7, 0xFFFFFFFF),
        (0x20, 1, 0xFFFFFFFF),
    ]
    value = struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", *line) for line in lines
    )

    assert [
        "user::rwx",
        "user:1000:rw-",
        "group::r-x",
        "group:50:r--",
        "mask::rwx",
        "other::--x",
    ] == [str(line) for line in posix_acl(value)]


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\1\0\0\0",
        b"\2\0\0\0\1",
        b"\2\0\0\0" + struct.pack("<HHI", 0x40, 7, 0),
    ],
    ids=["empty", "another version", "cut", "an unknown tag"],
)
def test_what_is_no_acl_is_refused(value: bytes) -> None:
    """With one of our errors."""
    with pytest.raises(BadExtensionError, match="access control list"):
        posix_acl(value)


def test_high_capabilities_are_in_the_second_pair_of_words() -> None:
    """Both of those permitted and of those inheritable."""
    value = struct.pack("<IIIII", 0x0200_0000, 0, 1, 1 << 6, 1 << 7)

    assert FileCapabilities(
        frozenset({"perfmon"}), frozenset({"chown", "bpf"})
    ) == file_capabilities(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"\1", "no access control list, found 01"),
        (
            struct.pack("<IHHI", 2, 0x40, 1, 0),
            "no such tag of an access control list, found 64",
        ),
    ],
    ids=["no list", "no tag"],
)
def test_what_is_no_list_is_shown(value: bytes, said: str) -> None:
    """As hexadecimal, or by the tag."""
    with pytest.raises(BadExtensionError) as raised:
        posix_acl(value)

    assert said == str(raised.value)


def test_what_is_no_capability_is_shown_too() -> None:
    """And a bit that has no name yet is a number."""
    with pytest.raises(BadExtensionError) as raised:
        file_capabilities(b"\x02")

    assert "no file capabilities, found 02" == str(raised.value)
    value = struct.pack("<IIIII", 0x0200_0000, 0, 0, 1 << 9, 0)
    assert frozenset({"41"}) == file_capabilities(value).permitted
