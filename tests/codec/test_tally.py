"""Count and hash: what hashlib says, for every algorithm."""

from __future__ import annotations

import hashlib

import pytest

from ocilayers.codec._tally import Tally
from ocilayers.errors import UnsupportedAlgorithmError


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_it_says_what_hashlib_says(algorithm: str) -> None:
    """Of nothing, too."""
    tally = Tally(algorithm)
    assert tally.digest() == f"{algorithm}:{hashlib.new(algorithm).hexdigest()}"

    tally.update(b"ab")
    tally.update(b"c")

    assert tally.size == 3
    assert tally.digest().encoded == hashlib.new(algorithm, b"abc").hexdigest()


def test_an_algorithm_that_nobody_knows_is_refused() -> None:
    """Before the first byte."""
    with pytest.raises(UnsupportedAlgorithmError):
        Tally("blake3")


def test_a_caller_may_bring_a_hasher() -> None:
    """For an algorithm that Python has not."""
    tally = Tally("blake3", {"blake3": hashlib.blake2s})

    tally.update(b"abc")

    assert tally.digest() == f"blake3:{hashlib.blake2s(b'abc').hexdigest()}"
