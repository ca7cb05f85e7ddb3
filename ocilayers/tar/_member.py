"""One member, from its header and the extension headers before it.

Law: this file decides what a member means; where its bytes are is the decoder's
business. Every choice that readers of tar disagree about is made here and leaves a
finding.
"""

from __future__ import annotations

from typing import Final, cast

import attrs

from ocilayers._types import EMPTY_MAP, FrozenMap
from ocilayers.errors import BadExtensionError, OCILayersError
from ocilayers.findings import FindingLog, Rule
from ocilayers.limits import Limits
from ocilayers.tar import rules
from ocilayers.tar._gnu import (
    DUMP_DIRECTORY,
    GLOBAL,
    KINDS,
    LONG_LINK,
    LONG_NAME,
    OLD_FILE,
    PAX,
    SOLARIS_PAX,
    SPARSE_FILE,
    UNUSUAL,
    long_name,
)
from ocilayers.tar._header import BLOCK, Header
from ocilayers.tar._path import clean_path, is_dotted
from ocilayers.tar._pax import Pax, decode, encode, parse_records, read_pax
from ocilayers.tar._sparse import SparseMap, has_map, open_map
from ocilayers.tar.entry import Entry, EntryDraft, Kind
from ocilayers.tar.whiteout import classify

__all__ = [
    "EXTENSIONS",
    "MOST_MODE",
    "MOST_OWNER",
    "Extensions",
    "Member",
    "freeze",
    "interpret",
]

EXTENSIONS: Final = frozenset({PAX, SOLARIS_PAX, GLOBAL, LONG_NAME, LONG_LINK})
"""Flags of headers that speak of the member after them."""

_LINKS: Final = frozenset({Kind.SYMLINK, Kind.HARDLINK})
_DEVICES: Final = frozenset({Kind.BLOCK, Kind.CHAR})
_MARKERS: Final = frozenset({Kind.WHITEOUT, Kind.OPAQUE})

MOST_OWNER: Final = (1 << 32) - 1
"""Largest number of a user or group on Linux."""

MOST_MODE: Final = 0o177777
"""Permissions, and the bits of a file's type, which some writers add."""

_MOST_MAJOR: Final = (1 << 12) - 1
_MOST_MINOR: Final = (1 << 20) - 1
_PERMISSIONS: Final = 0o7777
_SECOND: Final = 10**9


@attrs.define
class Extensions:
    """The extension headers read since the last member.

    Attributes:
        limits: `extension_headers` and `extension_bytes` are used.
        log: Where findings go.
        name: From a GNU long name.
        link: From a GNU long link name.
        pax: From a PAX header.
        headers: How many there were.
        size: Of their contents together, in bytes.
    """

    limits: Limits
    log: FindingLog
    name: bytes | None = None
    link: bytes | None = None
    pax: Pax | None = None
    headers: int = 0
    size: int = 0

    @property
    def pending(self) -> bool:
        """Whether something speaks of a member that has to come."""
        return not (self.name is None and self.link is None and self.pax is None)

    def check(self, size: int, offset: int) -> None:
        """Whether one more header, with *size* bytes of content, may come.

        Raises:
            LimitExceededError: It is one too many, or too long.
        """
        self.limits.check("extension_headers", self.headers + 1, offset=offset)
        self.limits.check("extension_bytes", self.size + size, offset=offset)

    def take(self, header: Header, payload: bytes, offset: int) -> None:
        """Read the content of an extension header.

        Raises:
            BadExtensionError: It has no meaning.
            OCILayersError: The log is strict.
        """
        self.headers += 1
        self.size += header.size
        where = decode(header.name)
        if header.flag == LONG_NAME:
            self._once(self.name, where, offset)
            self.name = long_name(payload)
        elif header.flag == LONG_LINK:
            self._once(self.link, where, offset)
            self.link = long_name(payload)
        elif header.flag == GLOBAL:
            self._take_global(payload, where, offset)
        else:
            self._once(self.pax, where, offset)
            self.pax = read_pax(parse_records(payload, offset), offset)
            if header.flag == SOLARIS_PAX:
                message = UNUSUAL[SOLARIS_PAX]
                self.log.add(rules.UNUSUAL_TYPE, where, message, offset=offset)

    def _once(self, before: object, where: str, offset: int) -> None:
        if before is not None:
            self.log.add(rules.REPEATED_EXTENSION, where, offset=offset)

    def _take_global(self, payload: bytes, where: str, offset: int) -> None:
        keys = {key for key, _ in parse_records(payload, offset)}
        rule = rules.GLOBAL_RECORDS if keys - {b"comment"} else rules.GLOBAL_COMMENT
        self.log.add(rule, where, offset=offset)
        if self.pending:
            message = "an extension header before a global one means nothing, as in Go"
            self.log.add(rules.DANGLING_EXTENSION, where, message, offset=offset)
            self.name = self.link = self.pax = None


@attrs.frozen
class Member:
    """What a header means.

    Attributes:
        name: As it stands in the archive.
        draft: The entry that it makes, or None when it is passed over.
        stored: What follows in the archive, in bytes.
        sparse: The map that has to be read first.
    """

    name: str
    draft: EntryDraft | None
    stored: int
    sparse: SparseMap | None = None


def interpret(
    header: Header, block: bytes, extensions: Extensions, offset: int
) -> Member:
    """Decide what a member is.

    Args:
        header: Of the member itself.
        block: The same, as bytes.
        extensions: Those before it.
        offset: Where the header stands in the tar.

    Raises:
        PathEscapeError: Its name climbs out of the root.
        BadExtensionError: Its sparse map has no meaning.
        LimitExceededError: A path is too long or too deep, a sparse map too large.
        OCILayersError: The log is strict.
    """
    reading = _Reading(header, block, extensions, offset)
    try:
        return reading.member()
    except OCILayersError as error:
        error.where = error.where or reading.name
        error.offset = offset if error.offset is None else error.offset
        raise


def freeze(draft: EntryDraft) -> Entry:
    """End the drafting of an entry; see `EntryDraft`."""
    draft.__class__ = Entry
    return cast("Entry", draft)


@attrs.define
class _Reading:
    """The making of one member."""

    header: Header
    block: bytes
    extensions: Extensions
    offset: int
    pax: Pax = attrs.field(init=False)
    name: str = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.pax = self.extensions.pax or Pax()
        # As in Go: the name of a sparse file counts, then GNU's.
        sparse = self.pax.sparse if has_map(self.pax) else {}
        self.name = decode(
            sparse.get(b"name", b"")
            or self.extensions.name
            or self.pax.texts.get(b"path", self.header.name)
        )

    def note(self, rule: Rule, message: str = "", *, actual: object = None) -> None:
        log = self.extensions.log
        log.add(rule, self.name, message, actual=actual, offset=self.offset)

    def member(self) -> Member:
        kind = self._kind()
        size = self.pax.numbers.get(b"size", self.header.size)
        if kind is None:
            return Member(self.name, None, size)
        if kind is not Kind.FILE and self.header.flag != DUMP_DIRECTORY:
            if size:
                self.note(rules.CONTENT_IGNORED, actual=size)
            size = 0
        self._note_extensions()
        sparse = self._sparse(kind, size)
        draft = EntryDraft()
        self._name(draft, kind, size)
        self._own(draft)
        draft.size = size if draft.kind is Kind.FILE else 0
        draft.offset = None if sparse else self.offset + BLOCK
        draft.content = None
        return Member(self.name, draft, size, sparse)

    def _kind(self) -> Kind | None:
        flag = self.header.flag
        kind = KINDS.get(flag)
        if flag in UNUSUAL:
            self.note(rules.UNUSUAL_TYPE, UNUSUAL[flag])
        elif kind is None:
            self.note(rules.UNUSUAL_TYPE, f"type {flag!r} is unknown, left out")
        if kind is Kind.FILE and self.name.endswith("/"):
            if flag == OLD_FILE:
                return Kind.DIRECTORY
            self.note(rules.FILE_NAME_SLASH)
        return kind

    def _note_extensions(self) -> None:
        names = self.extensions.name, self.extensions.link
        if (names[0] and b"path" in self.pax.texts) or (
            names[1] and b"linkpath" in self.pax.texts
        ):
            self.note(rules.TWO_NAMES)
        for key in self.pax.empty:
            self.note(
                rules.EMPTY_RECORD, f"{decode(key)}: {rules.EMPTY_RECORD.summary}"
            )
        for key in self.pax.broken:
            self.note(
                rules.XATTR_RECORD, f"{decode(key)}: {rules.XATTR_RECORD.summary}"
            )

    def _sparse(self, kind: Kind, size: int) -> SparseMap | None:
        sparse = open_map(
            self.pax,
            self.block,
            gnu=self.header.flag == SPARSE_FILE,
            stored=size,
            where=self.name,
            offset=self.offset,
            limits=self.extensions.limits,
        )
        if sparse is not None:
            if kind is not Kind.FILE:
                raise BadExtensionError("a sparse map of something that is no file")
            self.note(rules.SPARSE)
        return sparse

    def _name(self, draft: EntryDraft, kind: Kind, size: int) -> None:
        limits = self.extensions.limits
        limits.check("path_bytes", len(encode(self.name)))
        path = clean_path(self.name)
        limits.check("path_depth", path.count("/") + 1)
        if not self.name:
            self.note(rules.EMPTY_NAME)
        elif is_dotted(self.name):
            self.note(rules.DOTTED_NAME)
        draft.path, draft.kind = classify(path, kind)
        if draft.kind in _MARKERS and (kind is not Kind.FILE or size):
            self.note(rules.ODD_MARKER)
        draft.target = None
        if draft.kind in _LINKS:
            link = self.extensions.link or self.pax.texts.get(
                b"linkpath", self.header.link
            )
            limits.check("path_bytes", len(link))
            draft.target = decode(link)

    def _own(self, draft: EntryDraft) -> None:
        header, pax = self.header, self.pax
        draft.mode = header.mode & _PERMISSIONS
        draft.uid = pax.numbers.get(b"uid", header.uid)
        draft.gid = pax.numbers.get(b"gid", header.gid)
        draft.user = decode(pax.texts.get(b"uname", header.user))
        draft.group = decode(pax.texts.get(b"gname", header.group))
        draft.mtime_ns = (
            header.mtime * _SECOND if pax.mtime_ns is None else pax.mtime_ns
        )
        draft.xattrs = FrozenMap(pax.xattrs) if pax.xattrs else EMPTY_MAP
        draft.records = FrozenMap(pax.records) if pax.records else EMPTY_MAP
        draft.device = header.device if draft.kind in _DEVICES else None
        major, minor = draft.device or (0, 0)
        if not (
            0 <= header.mode <= MOST_MODE
            and 0 <= draft.uid <= MOST_OWNER
            and 0 <= draft.gid <= MOST_OWNER
            and 0 <= major <= _MOST_MAJOR
            and 0 <= minor <= _MOST_MINOR
        ):
            self.note(rules.NUMBER_RANGE)
