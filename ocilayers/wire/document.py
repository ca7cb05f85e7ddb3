"""A JSON document exactly as received, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Generic, TypeVar

import attrs

from ocilayers._types import override
from ocilayers.errors import DocumentError, InvalidFieldError
from ocilayers.findings import Finding
from ocilayers.spec.config import ContainerConfig, ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.wire._form import encoded
from ocilayers.wire._patch import patched
from ocilayers.wire._read import read_again
from ocilayers.wire._signature import payload
from ocilayers.wire._write import json_of

__all__ = ["Document"]

M = TypeVar("M")


@attrs.frozen(slots=False, repr=False)
class Document(Generic[M]):
    """A JSON document exactly as received, and what it says.

    Two documents are equal where their bytes and their media types are.

    Attributes:
        raw: The bytes as received; they are never written anew.
        media_type: Which kind of document it is, whether it says so itself or not.
        model: What it says.
        findings: What was noticed while reading it.
    """

    raw: bytes
    media_type: MediaType
    model: M = attrs.field(eq=False)
    findings: tuple[Finding, ...] = attrs.field(default=(), eq=False)

    @property
    def size(self) -> int:
        """Of the bytes as received."""
        return len(self.raw)

    @cached_property
    def digest(self) -> Digest:
        """Of the bytes as received; of the payload where they carry a signature."""
        return Digest.of(payload(self.raw, self.media_type))

    def descriptor(self) -> Descriptor:
        """What another document writes to refer to this one."""
        return Descriptor(
            media_type=self.media_type, digest=self.digest, size=self.size
        )

    def edit(self, model: M) -> Document[M]:
        """The document that says *model* instead, and is written like this one.

        An equal model makes the same bytes. Else only the members that changed are
        written anew, in the style of the document: its order of names, its spacing,
        its escapes. Members that nobody knows stay where they are.

        >>> from attrs import evolve
        >>> from ocilayers.wire.parse import parse_config
        >>> doc = parse_config(b'{"os" : "linux",  "rootfs":{"type":"layers"}}')
        >>> doc.edit(evolve(doc.model, os="windows", variant="v8")).raw
        b'{"os" : "windows",  "rootfs":{"type":"layers"},  "variant" : "v8"}'

        Raises:
            DocumentError: The model is of another kind, is not allowed to say what it
                says, or the document is signed.
        """
        kind = _kind(self.model)
        if not isinstance(model, kind):
            raise InvalidFieldError(
                "a model of another kind",
                expected=kind.__name__,
                actual=type(model).__name__,
            )
        if isinstance(model, Schema1Manifest):
            raise DocumentError("Schema 1 can be read, and no more")
        old = json_of(self.model, unset=False)
        new = json_of(_with_parts_of(self.model, model), unset=False)
        written = encoded(patched(self.raw.decode(), old, new))
        return Document(written, *read_again(written, model, self.media_type))

    def _repr_html_(self) -> str:
        from ocilayers.notebook.images import document_html  # noqa: PLC0415 - the one arrow up

        return document_html(self)

    @override
    def __repr__(self) -> str:
        kind = type(self.model).__name__
        return f"<Document {kind} {self.digest} {self.size} bytes>"


def _kind(model: object) -> type[object]:
    # `repositories` has no class of its own.
    return Mapping if isinstance(model, Mapping) else type(model)


def _with_parts_of(old: object, new: object) -> object:
    """The new model, but with those settings of the old one that are equal.

    What they leave unset may differ, and that is no change.
    """
    if not (isinstance(old, ImageConfig) and isinstance(new, ImageConfig)):
        return new
    return attrs.evolve(
        new,
        config=_former(old.config, new.config),
        container_config=_former(old.container_config, new.container_config),
    )


def _former(old: ContainerConfig, new: ContainerConfig) -> ContainerConfig:
    return old if old == new else new
