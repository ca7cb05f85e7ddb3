"""References."""

from __future__ import annotations

import pytest
from documents import DIGEST

from ocilayers.errors import InvalidDigestError, InvalidFieldError
from ocilayers.spec.reference import Reference, is_repository, is_tag


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag"),
    [
        ("alpine", "", "alpine", ""),
        ("library/alpine:3", "", "library/alpine", "3"),
        ("localhost/a", "localhost", "a", ""),
        ("Host/a", "Host", "a", ""),
        ("host:5000/a/b:c", "host:5000", "a/b", "c"),
        ("[::1]:5000/a", "[::1]:5000", "a", ""),
        ("registry.example/a", "registry.example", "a", ""),
        ("a" * 255 + ":tag", "", "a" * 255, "tag"),
        (f"host:5000/{'a' * 245}", "host:5000", "a" * 245, ""),
    ],
)
def test_a_reference_has_its_parts_and_its_text(
    text: str, registry: str, repository: str, tag: str
) -> None:
    """With a digest or without."""
    plain, pinned = Reference.parse(text), Reference.parse(f"{text}@{DIGEST}")

    assert (plain.registry, plain.repository, plain.tag) == (registry, repository, tag)
    assert plain.digest is None
    assert pinned.digest == DIGEST
    assert str(plain) == text
    assert str(pinned) == f"{text}@{DIGEST}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "a:",
        "a:-b",
        "a//b",
        "a/b:c/d",
        "exa_mple.com/a",
        "host:port/a",
        "a" * 256,
        f"host:5000/{'a' * 246}",
        "a\n",
    ],
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    """With the form that it should have."""
    with pytest.raises(InvalidFieldError, match="repository"):
        Reference.parse(text)


def test_what_follows_an_at_sign_has_to_be_a_digest() -> None:
    """Not a second tag."""
    with pytest.raises(InvalidDigestError):
        Reference.parse("a@b")


@pytest.mark.spec(
    "distribution-spec spec.md, Pulling manifests",
    "Throughout this document, <reference> as a tag MUST be at most 128 characters "
    "in length and MUST match the following regular expression",
)
def test_a_tag_is_at_most_128_characters_long() -> None:
    """And begins with a letter, a digit or an underscore."""
    assert is_tag("_" * 128)
    assert not is_tag("a" * 129)
    assert not is_tag(".a")
    assert not is_tag("a\n")


@pytest.mark.spec(
    "distribution-spec spec.md, Pulling manifests",
    "<name> MUST match the following regular expression",
)
def test_a_repository_is_lower_case() -> None:
    """Components joined by slashes."""
    assert is_repository("a/b__c/d--e.f")
    assert not is_repository("a___b")
    assert not is_repository("A")
