"""Models to new documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, TypeVar

from ocilayers.errors import InvalidFieldError
from ocilayers.spec.config import ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import (
    OCI_CONFIG,
    OCI_DESCRIPTOR,
    OCI_INDEX,
    OCI_LAYOUT,
    OCI_MANIFEST,
    MediaType,
)
from ocilayers.spec.saved import SavedImage
from ocilayers.wire._form import CANONICAL, GO, INDENT3, Form, encoded
from ocilayers.wire._read import read_again
from ocilayers.wire._write import json_of
from ocilayers.wire.document import Document

__all__ = ["FormName", "Renderable", "render"]

FormName: TypeAlias = Literal["go", "indent3", "canonical"]
"""How a new document is written."""

Renderable: TypeAlias = (
    ImageManifest
    | ImageIndex
    | ImageConfig
    | Descriptor
    | LayoutHeader
    | tuple[SavedImage, ...]
    | Mapping[str, Mapping[str, str]]
)
"""What a document can be made of."""

M = TypeVar("M", bound=Renderable)

_FORMS: Final[Mapping[str, Form]] = {
    "go": GO,
    "indent3": INDENT3,
    "canonical": CANONICAL,
}
_MEDIA_TYPES: Final[Mapping[type, MediaType]] = {
    ImageManifest: OCI_MANIFEST,
    ImageIndex: OCI_INDEX,
    ImageConfig: OCI_CONFIG,
    Descriptor: OCI_DESCRIPTOR,
    LayoutHeader: OCI_LAYOUT,
}


def render(
    model: M, form: FormName = "go", *, media_type: str | None = None
) -> Document[M]:
    """Write a new document.

    What was received is better changed with `Document.edit`, which keeps its bytes.

    >>> from ocilayers.spec.layout import LayoutHeader
    >>> render(LayoutHeader()).raw
    b'{"imageLayoutVersion":"1.0.0"}'

    Args:
        model: What it says.
        form: `go` is compact and escapes as Go does, `indent3` has a line for each
            member as distribution writes it, `canonical` is RFC 8785.
        media_type: Which kind of document it is, where the model does not say so
            itself: a config is OCI's unless told otherwise.

    Raises:
        DocumentError: The model says something that it is not allowed to say.
    """
    chosen = _FORMS.get(form)
    if chosen is None:
        raise InvalidFieldError(
            "a form that nobody knows", expected=" | ".join(_FORMS), actual=repr(form)
        )
    raw = encoded(chosen.write(json_of(model, unset=True)))
    kind = MediaType(media_type or _MEDIA_TYPES.get(type(model), ""))
    return Document(raw, *read_again(raw, model, kind))
