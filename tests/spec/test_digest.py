"""Digests: grammar, registered algorithms, and what cannot be told."""

from __future__ import annotations

import copy
import hashlib

import pytest
from documents import pickled

from ocilayers._types import Buffer
from ocilayers.errors import InvalidDigestError, UnsupportedAlgorithmError
from ocilayers.spec.digest import Digest

EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class XorHasher:
    """A hasher of the caller's, as simple as can be."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, data: Buffer, /) -> None:
        """Take the next bytes."""
        for byte in bytes(data):
            self._value ^= byte

    def hexdigest(self) -> str:
        """The result."""
        return f"{self._value:064x}"


@pytest.mark.hostile("a digest that is none")
@pytest.mark.spec(
    "image-spec descriptor.md, Digests",
    "A digest string MUST match the following grammar",
)
@pytest.mark.spec(
    "image-spec descriptor.md, Digests",
    "If the algorithm identifier is one of the registered algorithms, the encoded "
    "portion MUST follow the rules for that algorithm.",
)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("sha256", id="no colon"),
        pytest.param("sha256:", id="nothing encoded"),
        pytest.param(f"{EMPTY}\n", id="a line feed at the end"),
        pytest.param(f" {EMPTY}", id="a space before it"),
        pytest.param(EMPTY.upper(), id="upper case"),
        pytest.param(EMPTY[:-1], id="too short"),
        pytest.param(f"{EMPTY}0", id="too long"),
        pytest.param(f"sha256:{'g' * 64}", id="no hexadecimal"),
        pytest.param("sha256:" + "\u0661" * 64, id="digits that are not ASCII"),
        pytest.param(f"sha384:{'a' * 64}", id="sha384 too short"),
        pytest.param(f"blake3:{'A' * 64}", id="blake3 in upper case"),
        pytest.param("a..b:x", id="two separators"),
        pytest.param("a:b/c", id="a slash"),
        pytest.param("../../etc/passwd", id="a path"),
    ],
)
def test_what_is_no_digest_is_refused(text: str) -> None:
    """The whole text has to follow the grammar."""
    with pytest.raises(InvalidDigestError):
        Digest(text)


@pytest.mark.spec(
    "image-spec descriptor.md, Digests",
    "Implementations SHOULD allow digests with unrecognized algorithms to pass "
    "validation if they comply with the above grammar.",
)
@pytest.mark.parametrize(
    "text", ["multihash+base58:QmRZ", "sha256+b64u:LCa0a2j_xo", "a+b.c_d-e:=", "md5:x"]
)
def test_an_algorithm_that_nobody_knows_passes_and_cannot_be_told(text: str) -> None:
    """To be told from what is wrong: nobody can say."""
    digest = Digest(text)

    assert digest == text
    assert not digest.verifiable
    assert digest.matches(b"") is None
    with pytest.raises(UnsupportedAlgorithmError):
        digest.hasher()
    with pytest.raises(UnsupportedAlgorithmError):
        _ = digest.hex


@pytest.mark.spec(
    "image-spec descriptor.md, SHA-256",
    "Implementations MUST implement SHA-256 digest verification for use in "
    "descriptors.",
)
@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_the_digest_of_data_is_what_hashlib_says(algorithm: str) -> None:
    """And it finds the data again."""
    digest = Digest.of(b"data", algorithm)

    assert digest == f"{algorithm}:{hashlib.new(algorithm, b'data').hexdigest()}"
    assert digest.algorithm == algorithm
    assert digest.encoded == digest.hex
    assert digest.verifiable
    assert digest.matches(memoryview(b"data")) is True
    assert digest.matches(b"other") is False


def test_a_hasher_of_the_callers_counts_for_one_call() -> None:
    """Nothing is registered anywhere."""
    digest = Digest.of(b"\x0f", "blake3", hashers={"blake3": XorHasher})

    assert digest == f"blake3:{15:064x}"
    assert digest.matches(b"\x0f", hashers={"blake3": XorHasher}) is True
    assert digest.matches(b"\x0f") is None
    assert not digest.verifiable
    with pytest.raises(UnsupportedAlgorithmError, match="blake3"):
        Digest.of(b"", "blake3")


def test_a_digest_is_a_text() -> None:
    """It compares, sorts, hashes, pickles and copies as one."""
    digest = Digest(EMPTY)

    assert digest == EMPTY
    assert {str(digest): 1}[digest] == 1
    assert sorted([Digest(f"sha256:{'b' * 64}"), digest])[1] is digest
    assert pickled(digest) == digest
    assert type(copy.deepcopy(digest)) is Digest
    assert repr(digest) == f"Digest('{EMPTY}')"
    assert str(digest) == EMPTY
    assert Digest(digest) == digest


@pytest.mark.spec(
    "distribution-spec spec.md, Referrers Tag Schema",
    "Any characters not allowed by <reference> tags MUST be replaced with -",
)
@pytest.mark.spec(
    "image-spec image-layout.md, Blobs",
    "Object names in the blobs subdirectories are composed of a directory for "
    "each hash algorithm, the children of which will contain the actual "
    "content.",
)
def test_a_digest_has_its_place_in_a_layout_and_among_tags() -> None:
    """Both are made of its two parts."""
    assert Digest(EMPTY).path == EMPTY.replace(":", "/")
    assert Digest("a+b:c=d").referrers_tag == "a-b-c-d"
