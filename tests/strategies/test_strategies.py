"""What is drawn is what the library accepts, and failing cases shrink to little."""

from __future__ import annotations

import json
import runpy
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings, strategies as st

from ocilayers import strategies
from ocilayers.codec.layer import LayerDecoder
from ocilayers.errors import MergeError
from ocilayers.image.image import Image
from ocilayers.spec.config import ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.strategies import Corrupted
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge
from ocilayers.wire.parse import parse
from ocilayers.wire.render import render

# Drawn the same way every time, so that coverage is the same every time.
drawn = settings(derandomize=True, max_examples=60, deadline=None, database=None)


@drawn
@given(st.one_of(strategies.configs(), strategies.manifests(), strategies.indexes()))
def test_documents_are_read_back_as_what_they_were(
    model: ImageConfig | ImageManifest | ImageIndex,
) -> None:
    """With nothing to object to."""
    document = render(model)

    assert model == parse(document.raw, document.media_type, strict=True).model


@drawn
@given(strategies.descriptors(media_type=strategies.media_types()))
def test_descriptors_can_be_any_media_type(descriptor: Descriptor) -> None:
    """Of those that images know."""
    document = render(descriptor)

    assert descriptor == parse(document.raw, document.media_type).model


@drawn
@given(strategies.json_spellings({"a": [1, {"é": None}], "b": "x"}))
def test_spellings_mean_the_same(raw: bytes) -> None:
    """However they look."""
    assert {"a": [1, {"é": None}], "b": "x"} == json.loads(raw)


@drawn
@given(strategies.layer_stacks())
def test_stacks_merge(stack: tuple[tuple[Entry, ...], ...]) -> None:
    """In the strict sense too."""
    merge(stack, strict=True)


@drawn
@given(strategies.layer_stacks(hostile=True))
def test_hostile_stacks_merge_or_are_refused_by_name(
    stack: tuple[tuple[Entry, ...], ...],
) -> None:
    """Nothing but an error of the library comes out."""
    with suppress(MergeError):
        merge(stack)


@drawn
@given(strategies.compressed(strategies.tar_bytes()))
def test_wrapped_tars_are_read(blob: bytes) -> None:
    """Whatever they are wrapped in."""
    decoder, tar = LayerDecoder(), TarDecoder()
    plain = b"".join([*decoder.feed(blob), *decoder.finish()])
    tar.feed(plain)
    tar.finish()

    assert len(plain) == decoder.facts.uncompressed_size


@drawn
@given(strategies.corrupted(strategies.compressed(strategies.tar_bytes())))
def test_damage_is_said(bad: Corrupted) -> None:
    """Every damage has its word."""
    assert " at byte " in bad.damage
    assert len(bad.original) + 1 >= len(bad.data)


@drawn
@given(strategies.images())
def test_images_verify(image: Image) -> None:
    """Documents and blobs agree."""
    errors = [f for f in image.verify().findings if f.severity == "error"]

    assert [] == errors


def test_without_hypothesis_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The extra, by its name."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)

    with pytest.raises(ImportError, match=r"ocilayers\[hypothesis\]"):
        runpy.run_path(strategies.__file__)
