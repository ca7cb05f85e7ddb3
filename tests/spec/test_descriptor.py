"""Descriptors."""

from __future__ import annotations

import attrs
import pytest
from documents import DIGEST, OTHER, pickled

from ocilayers.errors import (
    DigestMismatchError,
    InvalidDigestError,
    SizeMismatchError,
    UnsupportedAlgorithmError,
)
from ocilayers.spec.descriptor import EMPTY_JSON, Descriptor


def test_a_descriptor_makes_what_it_is_given_its_own() -> None:
    """Texts become what they mean; lists and maps are copied."""
    annotations = {"a": "b"}
    found = Descriptor(
        media_type="a/b",
        digest=DIGEST,
        size=1,
        urls=["https://example.test"],
        annotations=annotations,
    )
    annotations["c"] = "d"

    assert found.digest.algorithm == "sha256"
    assert found.media_type.is_valid
    assert found.urls == ("https://example.test",)
    assert found.annotations == {"a": "b"}


def test_a_descriptor_is_a_value() -> None:
    """Hashable, picklable, and short to look at."""
    found = Descriptor.of(b"x", "a/b")

    assert pickled(found) == found
    assert len({found, attrs.evolve(found)}) == 1
    assert repr(found) == (
        f"Descriptor(media_type='a/b', digest='{found.digest}', size=1)"
    )
    with pytest.raises(InvalidDigestError):
        attrs.evolve(found, digest="no digest")


@pytest.mark.spec(
    "image-spec descriptor.md, Verification",
    "Before processing content, the consumer SHOULD verify that the length of the "
    "content matches the size.",
)
def test_content_is_verified_by_its_size_and_then_by_its_digest() -> None:
    """The error says which of the two it was."""
    found = Descriptor.of(b"content", "a/b")

    found.verify(memoryview(b"content"))
    with pytest.raises(SizeMismatchError, match="expected 7, found 3"):
        found.verify(b"con")
    with pytest.raises(DigestMismatchError):
        found.verify(b"CONTENT")


def test_content_that_nobody_can_verify_is_not_verified() -> None:
    """It is never called right."""
    odd = attrs.evolve(Descriptor.of(b"x", "a/b"), digest="md5:x")

    with pytest.raises(UnsupportedAlgorithmError):
        odd.verify(b"x")


def test_a_descriptor_can_be_of_another_algorithm() -> None:
    """All that can be computed here."""
    assert Descriptor.of(b"x", "a/b", algorithm="sha512").digest.algorithm == "sha512"


@pytest.mark.spec(
    "image-spec manifest.md, Guidance for an Empty Descriptor",
    "Implementers SHOULD use the following descriptor",
)
def test_the_empty_descriptor_is_of_an_empty_object() -> None:
    """And carries it."""
    assert EMPTY_JSON.data == b"{}"
    EMPTY_JSON.verify(EMPTY_JSON.data)
    assert EMPTY_JSON.digest != OTHER
