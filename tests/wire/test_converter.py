"""Our models on other people's converters."""

from __future__ import annotations

import attrs
import pytest
from cattrs import Converter
from documents import DIGEST, compact, descriptor, manifest

from ocilayers.errors import InvalidFieldError
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import OCI_LAYER, MediaType
from ocilayers.spec.timestamp import Timestamp
from ocilayers.wire.converter import make_converter
from ocilayers.wire.parse import parse_manifest


@attrs.frozen
class Pull:
    """What somebody else keeps."""

    name: str
    layers: tuple[Descriptor, ...]
    digest: Digest
    media_type: MediaType
    at: Timestamp


PULL = {
    "name": "x",
    "layers": [descriptor(x={"y": [1]})],
    "digest": DIGEST,
    "media_type": "a/b",
    "at": "2021-06-07T01:07:31Z",
}


def test_models_of_other_people_hold_ours() -> None:
    """There and back."""
    converter = make_converter()
    pull = converter.structure(PULL, Pull)

    assert type(pull.digest) is Digest
    assert pull.layers[0].unknown == {"x": {"y": (1,)}}
    assert converter.unstructure(pull) == PULL
    assert type(converter.unstructure(pull)["digest"]) is str


def test_a_converter_that_is_there_gets_our_hooks() -> None:
    """And it is the one that comes back."""
    base = Converter()

    assert make_converter(base) is base
    assert base.structure(manifest(), ImageManifest) == (
        parse_manifest(compact(manifest())).model
    )


@pytest.mark.parametrize("value", [True, "7", 7.5, None])
def test_scalars_are_exact(value: object) -> None:
    """Nothing is made to fit."""
    with pytest.raises(InvalidFieldError, match="size"):
        make_converter().structure(descriptor(size=value), Descriptor)


def test_a_strict_converter_refuses_what_a_lenient_one_notices() -> None:
    """As `parse` does."""
    value = descriptor(urls=None)

    assert make_converter().structure(value, Descriptor).urls == ()
    with pytest.raises(InvalidFieldError, match="urls"):
        make_converter(strict=True).structure(value, Descriptor)
    with pytest.raises(InvalidFieldError):
        make_converter().structure([], Descriptor)
    with pytest.raises(InvalidFieldError):
        make_converter().structure("no type", MediaType)
    assert make_converter().structure(OCI_LAYER, MediaType) == OCI_LAYER
