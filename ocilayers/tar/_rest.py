"""What follows the end of an archive.

Law: zeros mean nothing, and one table of contents is known; of anything else it is
said where it begins, once. No byte of it becomes an entry.
"""

from __future__ import annotations

from typing import Final

from ocilayers.errors import BadHeaderError
from ocilayers.findings import FindingLog
from ocilayers.tar import rules
from ocilayers.tar._header import BLOCK, padded, parse_header

__all__ = ["Rest"]

#: "TOC MUST be a JSON file contained as the last tar entry and MUST be named
#: stargz.index.json." — stargz-snapshotter, docs/estargz.md, "TOC"
#: Writers that keep a tar as it is, BuildKit for one, put it behind the end.
_TOC: Final = b"stargz.index.json"


class Rest:
    """Reads on behind the two zero blocks.

    Args:
        log: Where findings go.
    """

    def __init__(self, log: FindingLog) -> None:
        self._log = log
        self._trailing = False
        self._toc = False
        self._left = 0

    def read(self, data: bytes, start: int, base: int) -> int:
        """How far *data* has been read; no farther than *start* if a block is missing.

        Args:
            data: What has come.
            start: Where in it to begin.
            base: Where in the tar *data* begins.
        """
        if self._left and not self._trailing:
            step = min(self._left, len(data) - start)
            self._left -= step
            return start + step
        rest = data[start:]
        zeros = len(rest) - len(rest.lstrip(b"\0"))
        if self._trailing or zeros == len(rest):
            return len(data)
        offset = base + start + zeros
        begin = start + zeros - offset % BLOCK
        if begin > start:
            return begin
        if begin == start and not self._toc:
            if len(rest) < BLOCK:
                return start
            self._left = _toc_size(rest[:BLOCK], offset)
            if self._left:
                self._toc = True
                self._log.add(rules.TOC_BEHIND, "", offset=offset)
                return start + BLOCK
        self._report(offset)
        return len(data)

    def end(self, held: int, offset: int) -> None:
        """No more will come, with *held* bytes unread before *offset*."""
        if not self._trailing and (held or self._left):
            self._report(offset - held)

    def _report(self, offset: int) -> None:
        self._trailing = True
        message = f"{rules.TRAILING_DATA.summary}, from byte {offset}"
        self._log.add(rules.TRAILING_DATA, "", message, offset=offset)


def _toc_size(block: bytes, offset: int) -> int:
    """How long a table of contents with this header is, padded; 0 if it is none."""
    try:
        header = parse_header(block, offset)
    except BadHeaderError:
        return 0
    return padded(header.size) if header.name == _TOC and header.flag == b"0" else 0
