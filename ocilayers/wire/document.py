"""A JSON document exactly as received, and what it says."""

from __future__ import annotations

from functools import cached_property
from typing import Generic, TypeVar

import attrs

from ocilayers.findings import Finding
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import MediaType

__all__ = ["Document"]

M_co = TypeVar("M_co", covariant=True)


@attrs.frozen(slots=False, repr=False)
class Document(Generic[M_co]):
    """A JSON document exactly as received, and what it says.

    Attributes:
        raw: The bytes as received; nothing here ever writes them anew.
        media_type: Which kind of document it is, whether it says so itself or not.
        model: What it says.
        findings: What was noticed while reading it.
    """

    raw: bytes
    media_type: MediaType
    model: M_co = attrs.field(eq=False)
    findings: tuple[Finding, ...] = attrs.field(default=(), eq=False)

    @property
    def size(self) -> int:
        """Of the bytes as received."""
        return len(self.raw)

    @cached_property
    def digest(self) -> Digest:
        """Of the bytes as received."""
        return Digest.of(self.raw)

    def descriptor(self) -> Descriptor:
        """What to write into another document to refer to this one."""
        return Descriptor(
            media_type=self.media_type, digest=self.digest, size=self.size
        )

    def __repr__(self) -> str:
        model = type(self.model).__name__
        return f"<Document {model} {self.digest} {self.size} bytes>"
