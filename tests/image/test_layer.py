"""`Layer`: what three documents say of one layer."""

from __future__ import annotations

import io

import attrs
import pytest
from built_images import BASE, TOP, blobs_of, flipped

from ocilayers.codec.recompress import recompress
from ocilayers.errors import (
    BlobNotFoundError,
    ContentNotKeptError,
    DigestMismatchError,
    LimitExceededError,
    OCILayersError,
)
from ocilayers.image.layer import Layer
from ocilayers.layer.index import LayerIndex
from ocilayers.limits import Limits
from ocilayers.spec.config import History
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import OCI_LAYER
from ocilayers.tree.merge import merge

LAYER = Layer(
    index=2,
    descriptor=BASE.descriptor,
    diff_id=BASE.diff_id,
    chain_id=BASE.diff_id,
    history=History(created_by="/bin/sh -c #(nop) COPY a / "),
    blobs=blobs_of(BASE, TOP),
)


def test_the_command_that_made_it_is_a_line_of_a_dockerfile() -> None:
    """Empty where no step fits."""
    assert "COPY a /" == LAYER.created_by
    assert "" == attrs.evolve(LAYER, history=None).created_by


def test_it_is_named_by_place_and_digest() -> None:
    """In errors and findings."""
    assert f"layers[2] {BASE.descriptor.digest}" == LAYER.where


def test_it_is_read_as_its_blob_is() -> None:
    """With the way back to content, with content, or with nothing."""
    lazy, memory, none = (
        LAYER.read(content="lazy"),
        LAYER.read(content="memory"),
        LAYER.read(content="none"),
    )

    assert BASE.entries == memory.entries
    assert lazy.facts == memory.facts == none.facts == BASE.facts
    assert {None} == {entry.content for entry in (*lazy, *none)}


def test_content_is_fetched_when_it_is_asked_for() -> None:
    """From the blob source."""
    fs = merge([LAYER.lazily(LAYER.read())])

    assert b"hello" == fs["/etc/motd"].read_bytes()


def test_an_index_of_the_same_tar_in_another_blob_will_do() -> None:
    """Its checkpoints lie in the other blob and are left alone."""
    tar = b"".join(recompress([BASE.blob], to="none"))
    named = Descriptor.of(tar, OCI_LAYER)
    other = attrs.evolve(LAYER, descriptor=named, blobs={named.digest: tar})
    fs = merge([other.lazily(LAYER.read())])

    assert b"hello" == fs["/etc/motd"].read_bytes()


@pytest.mark.parametrize(
    ("layer", "error"),
    [
        (attrs.evolve(LAYER, blobs={}), BlobNotFoundError),
        (attrs.evolve(LAYER, blobs=blobs_of(flipped(BASE, 4))), DigestMismatchError),
        (attrs.evolve(LAYER, diff_id=Digest.of(b"")), DigestMismatchError),
        (
            attrs.evolve(LAYER, limits=attrs.evolve(Limits(), entries=1)),
            LimitExceededError,
        ),
    ],
    ids=["missing", "changed", "another tar", "too much"],
)
def test_what_does_not_verify_says_which_layer_it_is(
    layer: Layer, error: type[OCILayersError]
) -> None:
    """Nothing is given back."""
    with pytest.raises(error) as raised:
        layer.read()

    assert raised.value.where.startswith(LAYER.where)


def test_strict_and_progress_reach_the_reader() -> None:
    """So do they all."""
    blob = io.BytesIO(BASE.blob + b"tail")
    told: list[int] = []
    LAYER.read(progress=told.append)

    assert [BASE.descriptor.size] == told
    with pytest.raises(OCILayersError):
        attrs.evolve(LAYER, blobs=lambda _: blob).read(strict=True)


def test_a_layer_is_equal_by_what_is_said_of_it() -> None:
    """Not by where its bytes come from; the same promises are the same reading."""
    twice = attrs.evolve(LAYER, index=7, history=None, chain_id=None, blobs={})

    assert LAYER != twice
    assert LAYER.promises == twice.promises
    assert LAYER.promises != attrs.evolve(LAYER, diff_id=None).promises
    assert LAYER == attrs.evolve(LAYER, blobs={})


def test_what_was_read_without_a_way_back_has_no_content() -> None:
    """And says so."""
    index = LAYER.read(content="none")
    assert isinstance(index, LayerIndex)
    fs = merge([index])

    with pytest.raises(ContentNotKeptError):
        fs["/etc/motd"].read_bytes()
