"""Extended attributes that mean something: file capabilities and POSIX ACLs.

Law: bytes stay as they are; they are read on request, and what cannot be read is an
error of ours.
Source: Linux, include/uapi/linux/capability.h and posix_acl_xattr.h.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

import attrs

from ocilayers._types import override
from ocilayers.errors import BadExtensionError

__all__ = ["ACLEntry", "FileCapabilities", "file_capabilities", "posix_acl"]

#: Bit 0 first. Source: include/uapi/linux/capability.h
_CAPABILITIES: Final = (
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
)
_EFFECTIVE: Final = 1
#: A magic number, pairs of permitted and inheritable bits, and in the last revision
#: the owner of the user namespace. Everything is little-endian.
_REVISIONS: Final = {
    1: struct.Struct("<III"),
    2: struct.Struct("<IIIII"),
    3: struct.Struct("<IIIIII"),
}
_ACL_VERSION: Final = struct.pack("<I", 2)
_ACL_ENTRY: Final = struct.Struct("<HHI")
_ACL_TAGS: Final[Mapping[int, Literal["user", "group", "mask", "other"]]] = {
    0x01: "user",
    0x02: "user",
    0x04: "group",
    0x08: "group",
    0x10: "mask",
    0x20: "other",
}
_NAMED: Final = frozenset({0x02, 0x08})


@attrs.frozen
class FileCapabilities:
    """What `security.capability` grants.

    Attributes:
        permitted: Capabilities that a process gets, by name (`net_raw`).
        inheritable: Capabilities that it keeps if its caller had them.
        effective: Whether those permitted are in force at once.
        root_uid: The owner of the user namespace that they hold in; 0 for all.
    """

    permitted: frozenset[str]
    inheritable: frozenset[str] = frozenset()
    effective: bool = False
    root_uid: int = 0

    @override
    def __str__(self) -> str:
        """As `getcap` writes it."""
        both = self.permitted & self.inheritable
        groups = (
            (both, "ip"),
            (self.permitted - both, "p"),
            (self.inheritable - both, "i"),
        )
        mark = "e" if self.effective else ""
        return " ".join(
            f"{','.join(_in_order(names))}={mark}{flags}"
            for names, flags in groups
            if names
        )


@attrs.frozen
class ACLEntry:
    """One line of an access control list.

    Attributes:
        tag: Whom it speaks of.
        id: Which user or group; None for the owner, the owning group and the rest.
        permissions: Read 4, write 2, execute 1.
    """

    tag: Literal["user", "group", "mask", "other"]
    id: int | None
    permissions: int

    @override
    def __str__(self) -> str:
        """As `getfacl` writes it."""
        rights = "".join(
            letter if self.permissions & bit else "-"
            for letter, bit in (("r", 4), ("w", 2), ("x", 1))
        )
        return f"{self.tag}:{'' if self.id is None else self.id}:{rights}"


def file_capabilities(value: bytes) -> FileCapabilities:
    """Read the value of `security.capability`.

    Raises:
        BadExtensionError: It is no such value.

    >>> print(file_capabilities(bytes.fromhex("0100000200200000" + 24 * "0")))
    cap_net_raw=ep
    """
    revision = int.from_bytes(value[:4], "little") >> 24
    layout = _REVISIONS.get(revision)
    if layout is None or layout.size != len(value):
        raise BadExtensionError("no file capabilities", actual=value.hex())
    magic, *words = layout.unpack(value)
    pairs = words[: len(words) // 2 * 2]
    return FileCapabilities(
        _names(pairs[0::2]),
        _names(pairs[1::2]),
        bool(magic & _EFFECTIVE),
        words[-1] if len(words) % 2 else 0,
    )


def posix_acl(value: bytes) -> tuple[ACLEntry, ...]:
    """Read the value of `system.posix_acl_access` or `system.posix_acl_default`.

    Raises:
        BadExtensionError: It is no such value.
    """
    body = value.removeprefix(_ACL_VERSION)
    if len(body) == len(value) or len(body) % _ACL_ENTRY.size:
        raise BadExtensionError("no access control list", actual=value.hex())
    return tuple(_acl_entries(body))


def _acl_entries(body: bytes) -> Iterator[ACLEntry]:
    for tag, permissions, who in _ACL_ENTRY.iter_unpack(body):
        if tag not in _ACL_TAGS:
            raise BadExtensionError("no such tag of an access control list", actual=tag)
        yield ACLEntry(_ACL_TAGS[tag], who if tag in _NAMED else None, permissions)


def _names(words: Sequence[int]) -> frozenset[str]:
    bits = sum(word << 32 * n for n, word in enumerate(words))
    return frozenset(
        _CAPABILITIES[n] if n < len(_CAPABILITIES) else str(n)
        for n in range(bits.bit_length())
        if bits >> n & 1
    )


def _in_order(names: frozenset[str]) -> list[str]:
    known = [f"cap_{name}" for name in _CAPABILITIES if name in names]
    # A number stands for a capability that has no name yet.
    return known + sorted(name for name in names if name.isdecimal())
