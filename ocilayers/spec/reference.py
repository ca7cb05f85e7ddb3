"""References: what people call an image, `[registry/]repository[:tag][@digest]`.

Source: distribution-spec, "Pulling manifests"; distribution/reference, `reference.go`.
"""

from __future__ import annotations

import re
from typing import Final, Self

import attrs

from ocilayers._types import override
from ocilayers.errors import InvalidFieldError
from ocilayers.spec.digest import Digest

__all__ = ["Reference", "is_repository", "is_tag"]

_LONGEST_NAME: Final = 255

# path-component ::= [a-z0-9]+ ((\.|_|__|-+) [a-z0-9]+)*
_COMPONENT: Final = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
_REPOSITORY: Final = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
# domain ::= (name | "[" IPv6 "]") [":" port]
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_REGISTRY: Final = re.compile(
    rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?"
)


def is_repository(text: str) -> bool:
    """Whether *text* is the name of a repository, without its registry."""
    return _REPOSITORY.fullmatch(text) is not None


def is_tag(text: str) -> bool:
    """Whether *text* is a tag."""
    return _TAG.fullmatch(text) is not None


@attrs.frozen(kw_only=True)
class Reference:
    """What people call an image. Nothing is added to what they wrote.

    >>> ref = Reference.parse("registry.example:5000/team/app:v1")
    >>> ref.registry, ref.repository, ref.tag
    ('registry.example:5000', 'team/app', 'v1')

    Attributes:
        registry: Host and port; empty where none is said.
        repository: Its name there.
        tag: Empty where none is said.
        digest: None where none is said; it counts more than the tag.
    """

    registry: str = ""
    repository: str
    tag: str = ""
    digest: Digest | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a reference.

        Raises:
            InvalidFieldError: It is no reference.
            InvalidDigestError: What follows the `@` is no digest.
        """
        name, at, digest = text.partition("@")
        head, slash, tail = name.rpartition("/")
        last, colon, tag = tail.partition(":")
        whole = f"{head}{slash}{last}"
        registry, repository = _split(whole)
        is_right = (
            len(whole) <= _LONGEST_NAME
            and is_repository(repository)
            and (not registry or _REGISTRY.fullmatch(registry) is not None)
            and (not colon or is_tag(tag))
        )
        if not is_right:
            raise InvalidFieldError(
                "no reference",
                expected="[registry/]repository[:tag][@digest]",
                actual=repr(text),
            )
        return cls(
            registry=registry,
            repository=repository,
            tag=tag,
            digest=Digest(digest) if at else None,
        )

    @property
    def name(self) -> str:
        """Registry and repository."""
        return (
            f"{self.registry}/{self.repository}" if self.registry else self.repository
        )

    @override
    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.name}{tag}@{self.digest}" if self.digest else f"{self.name}{tag}"


def _split(name: str) -> tuple[str, str]:
    """Registry and repository: the first part is a registry if it looks like one."""
    first, slash, rest = name.partition("/")
    looks_like_one = (
        "." in first or ":" in first or first == "localhost" or first != first.lower()
    )
    return (first, rest) if slash and looks_like_one else ("", name)
