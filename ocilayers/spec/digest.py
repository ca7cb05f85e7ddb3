"""Digests: what some content is called, and how to tell whether it is that content.

Source: image-spec, descriptor.md, "Digests"; go-digest for `sha384`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Protocol, Self, TypeAlias

import attrs

from ocilayers._types import EMPTY_MAP, Buffer, override
from ocilayers.errors import InvalidDigestError, UnsupportedAlgorithmError

__all__ = ["ALGORITHMS", "Algorithm", "Digest", "Hasher", "Hashers"]


class Hasher(Protocol):
    """What `hashlib` objects do, as far as it is needed here."""

    def update(self, data: Buffer, /) -> object:
        """Take the next bytes."""
        ...

    def hexdigest(self) -> str:
        """The result for all bytes taken so far, in lower-case hexadecimal."""
        ...


Hashers: TypeAlias = Mapping[str, Callable[[], Hasher]]
"""Algorithm names and what makes a fresh hasher for each."""


@attrs.frozen
class Algorithm:
    """One algorithm whose results have a known form.

    Attributes:
        name: As it stands before the colon.
        digits: How many lower-case hexadecimal digits its result has.
        hasher: What makes a fresh hasher, or None where the caller has to.
    """

    name: str
    digits: int
    hasher: Callable[[], Hasher] | None = attrs.field(default=None, repr=False)


def _standard(name: str) -> Hasher:
    # Who only reads documents does not wait for OpenSSL.
    import hashlib  # noqa: PLC0415 - on first use

    return hashlib.new(name)


ALGORITHMS: Final[Mapping[str, Algorithm]] = {
    "sha256": Algorithm("sha256", 64, partial(_standard, "sha256")),
    "sha384": Algorithm("sha384", 96, partial(_standard, "sha384")),
    "sha512": Algorithm("sha512", 128, partial(_standard, "sha512")),
    # Registered, but not in Python's library: the caller brings the hasher.
    "blake3": Algorithm("blake3", 64),
}
"""The algorithms that image-spec registers, and go-digest's `sha384`."""

# digest              ::= algorithm ":" encoded
# algorithm           ::= algorithm-component (algorithm-separator algorithm-component)*
# algorithm-component ::= [a-z0-9]+
# algorithm-separator ::= [+._-]
# encoded             ::= [a-zA-Z0-9=_-]+
_GRAMMAR: Final = re.compile(r"[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+")
_COMMON: Final = re.compile(r"sha256:[0-9a-f]{64}")
_HEXADECIMAL: Final = re.compile(r"[0-9a-f]+")
_NOT_IN_TAG: Final = re.compile(r"[^A-Za-z0-9._-]")


class Digest(str):
    """A content identifier, `algorithm:encoded`.

    It is a `str` in every way, but one that follows the grammar. Algorithms that
    nobody registered pass, as the standard asks; they cannot be computed.

    >>> Digest.of(b"{}")
    Digest('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
    >>> Digest("multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX").verifiable
    False

    Raises:
        InvalidDigestError: The text does not follow the grammar, or not the rules of
            its registered algorithm.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check *text*; a digest passes as it is."""
        if type(text) is not cls and _COMMON.fullmatch(text) is None:
            _check(text)
        return super().__new__(cls, text)

    @classmethod
    def of(
        cls, data: Buffer, algorithm: str = "sha256", *, hashers: Hashers = EMPTY_MAP
    ) -> Self:
        """The digest of *data*.

        Args:
            data: The content.
            algorithm: Which digest.
            hashers: More algorithms, for this call only.

        Raises:
            UnsupportedAlgorithmError: Nobody here can compute it.
        """
        hasher = _hasher(algorithm, hashers)
        hasher.update(data)
        return cls(f"{algorithm}:{hasher.hexdigest()}")

    @property
    def algorithm(self) -> str:
        """What comes before the colon."""
        return self.partition(":")[0]

    @property
    def encoded(self) -> str:
        """What comes after the colon."""
        return self.partition(":")[2]

    @property
    def hex(self) -> str:
        """What comes after the colon, for an algorithm that writes hexadecimal.

        Raises:
            UnsupportedAlgorithmError: It is an algorithm that nobody registered.
        """
        if self.algorithm not in ALGORITHMS:
            raise _unsupported(self.algorithm)
        return self.encoded

    @property
    def verifiable(self) -> bool:
        """Whether it can be computed here without a hasher of the caller's."""
        known = ALGORITHMS.get(self.algorithm)
        return known is not None and known.hasher is not None

    @property
    def path(self) -> str:
        """`algorithm/encoded`: its place below `blobs/` in an OCI layout."""
        return self.replace(":", "/", 1)

    @property
    def referrers_tag(self) -> str:
        """The tag that lists who refers to it, in a registry without that API.

        Source: distribution-spec, "Referrers Tag Schema".
        """
        algorithm, _, encoded = self.partition(":")
        return _NOT_IN_TAG.sub("-", f"{algorithm[:32]}-{encoded[:64]}")

    def hasher(self, hashers: Hashers = EMPTY_MAP) -> Hasher:
        """A fresh hasher of its algorithm.

        Args:
            hashers: More algorithms, for this call only.

        Raises:
            UnsupportedAlgorithmError: Nobody here can compute it.
        """
        return _hasher(self.algorithm, hashers)

    def matches(self, data: Buffer, *, hashers: Hashers = EMPTY_MAP) -> bool | None:
        """Whether *data* is what it names; None where nobody here can tell.

        Args:
            data: The content.
            hashers: More algorithms, for this call only.
        """
        try:
            hasher = self.hasher(hashers)
        except UnsupportedAlgorithmError:
            return None
        hasher.update(data)
        return hasher.hexdigest() == self.encoded

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()})"


def _check(text: str) -> None:
    if _GRAMMAR.fullmatch(text) is None:
        raise InvalidDigestError(
            "no digest", expected="algorithm:encoded", actual=repr(text)
        )
    name, _, encoded = text.partition(":")
    algorithm = ALGORITHMS.get(name)
    if algorithm is None:
        return
    # The length first, as go-digest does: it is the likelier mistake.
    if len(encoded) != algorithm.digits:
        raise InvalidDigestError(
            f"a {name} digest of the wrong length",
            expected=f"{algorithm.digits} digits",
            actual=len(encoded),
        )
    if _HEXADECIMAL.fullmatch(encoded) is None:
        raise InvalidDigestError(
            f"a {name} digest with other digits",
            expected="lower-case hexadecimal",
            actual=repr(encoded),
        )


def _hasher(algorithm: str, hashers: Hashers) -> Hasher:
    make = hashers.get(algorithm)
    if make is None and algorithm in ALGORITHMS:
        make = ALGORITHMS[algorithm].hasher
    if make is None:
        raise _unsupported(algorithm)
    return make()


def _unsupported(algorithm: str) -> UnsupportedAlgorithmError:
    return UnsupportedAlgorithmError(
        "an algorithm that cannot be computed here", actual=repr(algorithm)
    )
