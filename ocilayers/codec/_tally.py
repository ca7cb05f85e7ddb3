"""Count and hash a stream."""

from __future__ import annotations

from ocilayers._types import EMPTY_MAP
from ocilayers.spec.digest import Digest, Hashers

__all__ = ["Tally"]


class Tally:
    """How many bytes went by, and what their digest is.

    Args:
        algorithm: Of the digest.
        hashers: More algorithms than are known here.

    Attributes:
        size: How many bytes went by.

    Raises:
        UnsupportedAlgorithmError: Nobody here can compute it.
    """

    def __init__(self, algorithm: str = "sha256", hashers: Hashers = EMPTY_MAP) -> None:
        self.size = 0
        self._algorithm = algorithm
        # The digest of nothing knows how to begin one of something.
        self._hasher = Digest.of(b"", algorithm, hashers=hashers).hasher(hashers)

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        self.size += len(data)
        self._hasher.update(data)

    def digest(self) -> Digest:
        """Of all bytes so far."""
        return Digest(f"{self._algorithm}:{self._hasher.hexdigest()}")
