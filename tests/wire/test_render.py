"""Models to new documents."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest
from documents import DIGEST, compact, config, docker_manifest, manifest

from ocilayers.errors import InvalidFieldError
from ocilayers.spec.config import ContainerConfig, ImageConfig
from ocilayers.spec.descriptor import EMPTY_JSON, Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    OCI_CONFIG,
    OCI_INDEX,
    OCI_LAYER,
    OCI_MANIFEST,
)
from ocilayers.spec.platform import Platform
from ocilayers.spec.saved import SavedImage
from ocilayers.wire.parse import parse_config, parse_manifest
from ocilayers.wire.render import render


def test_a_new_manifest_is_written_as_go_writes_it() -> None:
    """Its members in the order of image-spec's own types."""
    model = ImageManifest(
        config=Descriptor.of(b"{}", OCI_CONFIG),
        layers=[Descriptor.of(b"tar", OCI_LAYER)],
        artifact_type="a/b",
        subject=EMPTY_JSON,
        annotations={"z": "<", "a": ""},
    )
    doc = render(model)

    assert doc.model == model
    assert doc.media_type == OCI_MANIFEST
    assert list(json.loads(doc.raw)) == [
        "schemaVersion",
        "mediaType",
        "artifactType",
        "config",
        "layers",
        "subject",
        "annotations",
    ]
    assert doc.raw.endswith(b'"data":"e30="},"annotations":{"a":"","z":"\\u003c"}}')


def test_the_config_of_the_article_comes_out_bit_for_bit(shared: Path) -> None:
    """As Docker wrote it, nulls and empty texts included."""
    raw = (shared / "corpus/article/config.json").read_bytes()

    assert render(parse_config(raw).model).raw == raw


def test_a_form_has_a_name() -> None:
    """And nobody knows others."""
    model = parse_manifest(compact(docker_manifest())).model

    assert (
        render(model, "indent3").raw == json.dumps(docker_manifest(), indent=3).encode()
    )
    assert (
        render(model, "canonical").raw
        == json.dumps(docker_manifest(), sort_keys=True, separators=(",", ":")).encode()
    )
    with pytest.raises(InvalidFieldError, match="indent3"):
        render(model, "pretty")  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(
    ("model", "media_type"),
    [
        pytest.param(ImageIndex(), OCI_INDEX, id="index"),
        pytest.param(ImageConfig(), OCI_CONFIG, id="config"),
        pytest.param(LayoutHeader(), None, id="layout"),
        pytest.param(Descriptor.of(b"", "a/b"), None, id="descriptor"),
        pytest.param((SavedImage(config="a"),), "application/json", id="saved"),
        pytest.param({"a": {"b": "c"}}, "application/json", id="repositories"),
    ],
)
def test_whatever_has_a_file_can_be_written(
    model: ImageIndex | ImageConfig | LayoutHeader | Descriptor,
    media_type: str | None,
) -> None:
    """And reads as what it was."""
    doc = render(model)

    assert doc.model == model
    assert media_type in (None, doc.media_type)


def test_a_config_is_of_the_standard_that_is_asked_for() -> None:
    """Nothing in its bytes says so."""
    model = ImageConfig(os="linux", architecture="amd64")

    assert render(model, media_type=DOCKER_CONFIG).media_type == DOCKER_CONFIG
    assert render(model).raw == render(model, media_type=DOCKER_CONFIG).raw


def test_what_says_nothing_is_written_as_it_was_found() -> None:
    """A new model writes none of it, but for what a standard misses."""
    raw = compact(config(config={"Cmd": None, "Env": [], "User": "", "Tty": False}))
    model = parse_config(raw).model

    assert json.loads(render(model).raw) == json.loads(raw)
    assert render(attrs.evolve(model, config=ContainerConfig(cmd=["a"]))).raw == (
        compact(
            {
                "architecture": "amd64",
                "config": {"Cmd": ["a"]},
                "os": "linux",
                "rootfs": {"type": "layers", "diff_ids": [DIGEST]},
            }
        )
    )
    assert render(ImageConfig()).raw == b'{"rootfs":{"type":"layers","diff_ids":[]}}'


def test_a_known_member_wins_over_an_unknown_one_of_its_name() -> None:
    """The model is what counts."""
    model = parse_manifest(compact(manifest())).model
    odd = attrs.evolve(model, unknown={"schemaVersion": 3, "x": 1})

    assert render(odd).raw == compact(manifest(x=1))


def test_a_model_that_is_not_allowed_is_refused() -> None:
    """With the place of every problem."""
    layer = Descriptor.of(b"", OCI_LAYER)
    model = ImageManifest(
        config=attrs.evolve(layer, size=-1),
        layers=[attrs.evolve(layer, platform=Platform(), media_type="x")],
    )

    with pytest.raises(InvalidFieldError) as caught:
        render(model)
    assert [p.where for p in caught.value.problems] == [
        "config.size",
        "layers[0].mediaType",
    ]


def test_content_inside_a_descriptor_is_written_in_base64() -> None:
    """Padded, in the usual alphabet."""
    found = Descriptor(
        media_type="a/b",
        digest=Descriptor.of(b"\xfb\xff", "a/b").digest,
        size=2,
        data=b"\xfb\xff",
    )

    assert b'"data":"+/8="' in render(found).raw
    assert render(found).model == found
