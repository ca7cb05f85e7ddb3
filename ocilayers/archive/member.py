"""`Member`: a file of an archive that is being written, and a tar of such files.

Law: nothing is read before it is taken, and nothing is good before it has ended: what
is wrong with a blob is raised at the end of its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, Self

from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry, Kind

__all__ = ["Chunks", "Member", "pack"]


class Chunks:
    """The bytes of one file, piece by piece: an iterator that knows how many come.

    Args:
        chunks: The bytes.
        size: How many there are, or what tells it; asked once, and only by those who
            want to know. Whoever writes a tar does.
    """

    def __init__(self, chunks: Iterable[bytes], size: int | Callable[[], int]) -> None:
        self._chunks = iter(chunks)
        self._size = size

    @cached_property
    def size(self) -> int:
        """How many bytes there are."""
        return self._size if isinstance(self._size, int) else self._size()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)


class Member(NamedTuple):
    """A file of a layout or archive.

    Attributes:
        name: Relative, with `/` between its parts.
        chunks: The content, once. What comes out is good only when it has ended:
            then it was verified.
    """

    name: str
    chunks: Chunks

    @classmethod
    def of(cls, name: str, data: bytes) -> Member:
        """A file whose content is at hand."""
        return cls(name, Chunks((data,), len(data)))


def pack(members: Iterable[Member]) -> Iterator[bytes]:
    """A plain tar of *members*, the same bytes every time.

    >>> import io
    >>> from ocilayers.archive.archive import open_archive
    >>> from ocilayers.archive.write_archive import write_archive
    >>> from ocilayers.image.sample import sample_image
    >>> file = io.BytesIO()
    >>> file.writelines(pack(write_archive(sample_image(), ref="sample:1")))
    >>> open_archive(file, ref="sample:1").digest == sample_image().digest
    True

    Args:
        members: What `write_layout` or `write_archive` gives.

    Yields:
        The tar. It is good only when it has ended.

    Raises:
        TarError: A member has more or fewer bytes than its size.
        OCILayersError: The content of a member is not what was promised.
    """
    encoder = TarEncoder()
    for name, chunks in members:
        yield from encoder.feed(Entry(name, Kind.FILE, size=chunks.size))
        for chunk in chunks:
            yield from encoder.feed(chunk)
    yield from encoder.finish()
