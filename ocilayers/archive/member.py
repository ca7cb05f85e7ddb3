"""`Member`: a file of an archive that is being written, and a tar of such files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry, Kind

__all__ = ["Member", "pack"]


@attrs.frozen(eq=False)
class Member:
    """A file of a layout or archive; it unpacks as `name, chunks`.

    Attributes:
        name: Relative, with `/` between its parts.
        size: Of the content, in bytes.
        chunks: The content, once. What comes out is good only when it has ended:
            then it was verified.
    """

    name: str
    size: int
    chunks: Iterator[bytes] = attrs.field(repr=False)

    @classmethod
    def of(cls, name: str, data: bytes) -> Member:
        """A file whose content is at hand."""
        return cls(name, len(data), iter((data,)))

    def __iter__(self) -> Iterator[str | Iterator[bytes]]:
        return iter((self.name, self.chunks))


def pack(members: Iterable[Member]) -> Iterator[bytes]:
    """A plain tar of *members*, the same bytes every time.

    >>> from ocilayers.archive.write_archive import write_archive
    >>> from ocilayers.image.sample import sample_image
    >>> tar = b"".join(pack(write_archive(sample_image(), ref="sample:1")))
    >>> len(tar) % 512
    0

    Args:
        members: What `write_layout` or `write_archive` gives.

    Raises:
        OCILayersError: The content of a member is not what was promised.
    """
    encoder = TarEncoder()
    for member in members:
        yield from encoder.feed(Entry(member.name, Kind.FILE, size=member.size))
        for chunk in member.chunks:
            yield from encoder.feed(chunk)
    yield from encoder.finish()
