"""`TarDecoder`: tar bytes in, entries and their content out.

Law: every byte is looked at once, nothing is kept but what the next block needs, and
no number in the archive decides how much memory is used.

Source: POSIX.1-2024, pax, ustar Interchange Format and Extended Header; GNU tar,
"Basic Tar Format"; where readers disagree, what Go's `archive/tar` does, because
container engines use it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from ocilayers._types import Buffer, as_bytes
from ocilayers.errors import (
    BadHeaderError,
    OCILayersError,
    TarError,
    TruncatedArchiveError,
)
from ocilayers.findings import Finding, FindingLog
from ocilayers.limits import Limits
from ocilayers.tar import rules
from ocilayers.tar._content import Content, Events
from ocilayers.tar._header import BLOCK, ZERO_BLOCK, padded, parse_header
from ocilayers.tar._member import EXTENSIONS, Extensions, Member, freeze, interpret
from ocilayers.tar._recorder import FramingRecorder
from ocilayers.tar._rest import Rest
from ocilayers.tar._scan import Scanner
from ocilayers.tar._sparse import GrowingMap
from ocilayers.tar.entry import Entry, EntryDraft, Kind
from ocilayers.tar.framing import Framing

__all__ = ["TarDecoder"]

#: No name of a header alone is longer, or deeper.
_HEADER_PATH_BYTES: Final = 256
_HEADER_PATH_DEPTH: Final = 128


class TarDecoder:
    r"""Tar bytes in, entries and their content out, in archive order.

    After an `Entry` comes its content, as `bytes` of any lengths; only files have
    any. What was noticed on the way is in `findings`.

    An error is raised when all entries before it have been given out: by `feed`
    itself, or by the call after it. Then, and after `finish`, the decoder is spent.

    Args:
        content: Give out content; without it only entries, which is faster.
        framing: Keep what is needed to put the same tar together again.
        limits: `entries`, `path_bytes`, `path_depth`, `extension_bytes`,
            `extension_headers`, `sparse_segments`, `sparse_bytes` and `findings`
            are used.
        strict: Raise the first finding of severity `error`.

    >>> decoder = TarDecoder()
    >>> decoder.feed(bytes(1024)), decoder.finish()
    ([], [])
    """

    def __init__(
        self,
        *,
        content: bool = True,
        framing: bool = False,
        limits: Limits | None = None,
        strict: bool = False,
    ) -> None:
        self._limits = limits or Limits()
        self._log = FindingLog(strict, self._limits)
        self._recorder = recorder = FramingRecorder() if framing else None
        self._content = Content(give=content, recorder=recorder, limits=self._limits)
        self._scanner = Scanner(
            content=content, recorder=recorder, room=self._limits.entries
        )
        self._scans = (
            self._limits.path_bytes >= _HEADER_PATH_BYTES
            and self._limits.path_depth >= _HEADER_PATH_DEPTH
            and self._limits.extension_headers > 0
            and self._limits.extension_bytes >= BLOCK
        )
        self._error: OCILayersError | None = None
        self._finished = False

        # What waits for more bytes: a block, or an extension header with its content.
        self._held = bytearray()
        self._needed = 0
        # How much of the tar has been read, and where in it the buffer begins.
        self._offset = 0
        self._base = 0

        self._state: Callable[[bytes, int, Events], int] = self._read_header
        self._extensions = Extensions(self._limits, self._log)
        self._member: Member
        self._map: GrowingMap
        self._rest = Rest(self._log)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed so far."""
        return self._log.findings

    @property
    def framing(self) -> Framing:
        """What the tar holds around its contents, once `finish` has returned.

        Raises:
            TarError: It was not asked for, or the tar has not been read to its end.
        """
        if self._recorder is None:
            raise TarError("the framing was not asked for")
        if not self._finished or self._error is not None:
            raise TarError("the framing is whole when the tar has been read")
        return self._recorder.build()

    def feed(self, chunk: Buffer) -> list[Entry | bytes]:
        """Take the next bytes of the tar.

        Returns:
            The entries, and pieces of content, that are complete with them.

        Raises:
            TarError: The tar has no meaning here, or nothing may be fed any more.
            LimitExceededError: It costs more than the limits allow.
            OCILayersError: The decoder is strict, and there is a finding.
        """
        self._check_usable()
        out: Events = []
        try:
            self._take(as_bytes(chunk), out)
        except OCILayersError as error:
            self._error = error
            if not out:
                raise
        return cast("list[Entry | bytes]", out)

    def finish(self) -> list[Entry | bytes]:
        """Say that no more bytes will come.

        Returns:
            Nothing is left to give, so an empty list.

        Raises:
            TruncatedArchiveError: The archive ends inside a member.
            TarError: It was refused before, or finished before.
        """
        self._check_usable()
        self._finished = True
        try:
            self._end()
        except OCILayersError as error:
            self._error = error
            raise
        return []

    def _check_usable(self) -> None:
        if self._error is not None:
            raise self._error
        if self._finished:
            raise TarError("the decoder has finished: start a new one")

    def _take(self, data: bytes, out: Events) -> None:
        start = 0
        while self._held:
            # Only what is missing is copied: chunks are long, blocks are short.
            missing = self._needed - len(self._held)
            self._held += data[start : start + missing]
            start += missing
            if start > len(data):
                return
            whole = bytes(self._held)
            self._held.clear()
            self._read(whole, 0, out)
        self._read(data, start, out)

    def _read(self, data: bytes, start: int, out: Events) -> None:
        self._base = self._offset - start
        while start < len(data):
            reached = self._state(data, start, out)
            if reached == start:
                self._held += data[start:]
                break
            start = reached
        self._offset = self._base + start

    def _wait(self, position: int, needed: int) -> int:
        self._needed = needed
        return position

    def _pass(self, data: bytes, start: int, stop: int) -> int:
        if self._recorder is not None:
            self._recorder.literal(data[start:stop])
        return min(stop, len(data))

    def _read_header(self, data: bytes, start: int, out: Events) -> int:
        if self._scans and not self._extensions.headers:
            reached = self._scan(data, start, out)
            if reached != start:
                return reached
        block = data[start : start + BLOCK]
        if len(block) < BLOCK:
            return self._wait(start, BLOCK)
        offset = self._base + start
        if block == ZERO_BLOCK:
            if self._extensions.pending:
                self._log.add(rules.DANGLING_EXTENSION, "", offset=offset)
            self._state = self._read_end
            return self._pass(data, start, start + BLOCK)
        header = parse_header(block, offset)
        if header.flag in EXTENSIONS:
            self._extensions.check(header.size, offset)
            stop = start + BLOCK + padded(header.size)
            if stop > len(data):
                return self._wait(start, stop - start)
            payload = data[start + BLOCK : start + BLOCK + header.size]
            self._extensions.take(header, payload, offset)
            return self._pass(data, start, stop)
        member = interpret(header, block, self._extensions, offset)
        self._extensions = Extensions(self._limits, self._log)
        reached = self._pass(data, start, start + BLOCK)
        self._begin(member, out)
        return reached

    def _scan(self, data: bytes, start: int, out: Events) -> int:
        scanner = self._scanner
        reached = scanner.scan(data, start, self._base, out)
        if scanner.left or scanner.pad:
            last = out[-1] if isinstance(out[-1], EntryDraft) else out[-2]
            where = cast("EntryDraft", last).path
            steps = [scanner.left] if scanner.left else []
            self._content.open(steps, scanner.pad, where=where, wanted=True, out=out)
            self._state = self._read_content
            scanner.left = scanner.pad = 0
        return reached

    def _begin(self, member: Member, out: Events) -> None:
        self._member = member
        if isinstance(member.sparse, GrowingMap) and not member.sparse.done:
            self._map = member.sparse
            self._state = self._read_map
        else:
            self._open(out)

    def _read_map(self, data: bytes, start: int, out: Events) -> int:
        stop = start + BLOCK
        if stop > len(data):
            return self._wait(start, BLOCK)
        self._map.take(data[start:stop])
        self._pass(data, start, stop)
        if self._map.done:
            self._open(out)
        return stop

    def _open(self, out: Events) -> None:
        member, draft = self._member, self._member.draft
        steps = [member.stored] if member.stored else []
        where, wanted = member.name, False
        if draft is not None:
            where, wanted = draft.path, draft.kind is Kind.FILE
            if not self._scanner.room:
                self._limits.check("entries", self._limits.entries + 1)
            self._scanner.room -= 1
            if member.sparse is not None:
                steps = member.sparse.steps()
                draft.size = member.sparse.size if wanted else 0
            out.append(freeze(draft))
        pad = -member.stored % BLOCK
        self._content.open(steps, pad, where=where, wanted=wanted, out=out)
        self._state = self._read_header if self._content.done else self._read_content

    def _read_content(self, data: bytes, start: int, out: Events) -> int:
        reached = self._content.read(data, start, out)
        if self._content.done:
            self._state = self._read_header
        return reached

    def _read_end(self, data: bytes, start: int, _out: Events) -> int:
        stop = start + BLOCK
        if stop > len(data):
            return self._wait(start, BLOCK)
        if data[start:stop] != ZERO_BLOCK:
            # Some readers stop here, some go on, and engines refuse.
            raise BadHeaderError(
                "a lone zero block inside of the archive", offset=self._base + start
            )
        self._state = self._read_rest
        return self._pass(data, start, stop)

    def _read_rest(self, data: bytes, start: int, _out: Events) -> int:
        reached = self._rest.read(data, start, self._base)
        if reached == start:
            return self._wait(start, BLOCK)
        return self._pass(data, start, reached)

    def _end(self) -> None:
        offset = self._offset + len(self._held)
        state = self._state
        if state == self._read_rest:
            self._rest.end(len(self._held), offset)
            self._pass(bytes(self._held), 0, len(self._held))
            return
        if state == self._read_end and not self._held.strip(b"\0"):
            message = "one zero block at the end instead of two"
            self._log.add(rules.END_MISSING, "", message, offset=offset)
            self._pass(bytes(self._held), 0, len(self._held))
        elif state == self._read_content and not self._content.steps:
            self._log.add(rules.PADDING_MISSING, self._content.where, offset=offset)
        elif state == self._read_header and not (
            self._held or self._extensions.pending
        ):
            self._log.add(rules.END_MISSING, "", offset=offset)
        else:
            where = self._content.where if state == self._read_content else ""
            raise TruncatedArchiveError(
                "the archive ends inside a member", where=where, offset=offset
            )
