"""Files that are being written, and the tar of them."""

from __future__ import annotations

import io
import tarfile

import pytest

from ocilayers.archive.member import Chunks, Member, pack
from ocilayers.errors import TarError


def test_a_member_unpacks_as_name_and_chunks() -> None:
    """It is a pair, and so anything that takes pairs takes it."""
    name, chunks = Member.of("a", b"content")

    assert ("a", 7, b"content") == (name, chunks.size, b"".join(chunks))


def test_a_size_is_asked_for_once_and_only_when_it_is_needed() -> None:
    """To know it may cost a pass over a layer."""
    asked: list[int] = []

    def size() -> int:
        asked.append(1)
        return 3

    chunks = Chunks([b"abc"], size)

    assert b"abc" == b"".join(chunks)
    assert not asked
    assert (3, 3) == (chunks.size, chunks.size)
    assert [1] == asked


def test_a_tar_has_the_members_in_their_order_and_nothing_else() -> None:
    """No owner, no time, and the usual mode: the same bytes on every machine."""
    members = [Member.of("b/c", b"1" * 513), Member.of("a", b"")]
    data = b"".join(pack(members))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        found = [
            (each.name, each.size, each.mode & 0o7777, each.uid, each.mtime)
            for each in tar
        ]

    assert [("b/c", 513, 0o644, 0, 0), ("a", 0, 0o644, 0, 0)] == found


@pytest.mark.parametrize("size", [2, 4])
def test_a_member_of_another_size_is_refused(size: int) -> None:
    """Or the tar would be no tar."""
    with pytest.raises(TarError):
        b"".join(pack([Member("a", Chunks([b"abc"], size)), Member.of("b", b"")]))
