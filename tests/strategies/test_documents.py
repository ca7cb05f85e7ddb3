"""Documents: strict readers take them, whoever wrote them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from ocilayers.spec.config import ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import Role
from ocilayers.strategies.documents import (
    DocumentKind,
    configs,
    descriptors,
    documents,
    indexes,
    manifests,
    media_types,
)
from ocilayers.wire.document import Document
from ocilayers.wire.parse import parse
from ocilayers.wire.render import render

drawn = settings(derandomize=True, max_examples=30, deadline=None, database=None)


@drawn
@given(st.one_of(configs(), manifests(), indexes()))
def test_a_model_is_read_back_as_what_it_was(
    model: ImageConfig | ImageManifest | ImageIndex,
) -> None:
    """With nothing to object to."""
    document = render(model)

    assert model == parse(document.raw, document.media_type, strict=True).model


@drawn
@given(descriptors(media_type=media_types()))
def test_a_descriptor_can_be_of_any_media_type(descriptor: Descriptor) -> None:
    """Of those that images know."""
    document = render(descriptor)

    assert descriptor == parse(document.raw, document.media_type).model


@drawn
@given(documents())
def test_a_document_is_taken_by_strict_readers(document: Document[Any]) -> None:
    """However it is spelled, and whatever is in it that nobody knows."""
    assert document == parse(document.raw, document.media_type, strict=True)


@pytest.mark.parametrize("kind", ["manifest", "index", "config"])
def test_a_document_is_of_the_kind_that_was_asked_for(kind: DocumentKind) -> None:
    """In the words of both standards."""
    seen: set[tuple[Role | None, str | None]] = set()

    @drawn
    @given(documents(kind=kind))
    def look(document: Document[Any]) -> None:
        seen.add((document.media_type.role, document.media_type.dialect))

    look()

    assert {(kind, "oci"), (kind, "docker")} == seen
