"""What makes a whole document right or wrong."""

from __future__ import annotations

from typing import Any

import pytest
from documents import (
    DIGEST,
    compact,
    config,
    descriptor,
    docker_manifest,
    index,
    manifest,
)

from ocilayers.errors import DocumentError, InvalidFieldError
from ocilayers.spec.media_types import DOCKER_INDEX, DOCKER_MANIFEST, OCI_EMPTY
from ocilayers.wire.parse import parse, parse_layout


@pytest.mark.spec(
    "image-spec manifest.md, layers",
    "For portability, layers SHOULD have at least one entry.",
)
def test_an_oci_manifest_should_have_a_layer() -> None:
    """A Docker manifest of an empty image has none."""
    empty = compact(manifest(layers=[]))

    assert [f.code for f in parse(empty).findings] == ["missing-layers"]
    with pytest.raises(InvalidFieldError, match="layers"):
        parse(empty, strict=True)
    assert parse(compact(docker_manifest(layers=[])), strict=True).findings == ()


@pytest.mark.spec(
    "image-spec manifest.md, artifactType",
    "This MUST be set when config.mediaType is set to the empty value.",
)
def test_an_artifact_says_what_it_is() -> None:
    """In both modes."""
    value = manifest(config=descriptor(mediaType=OCI_EMPTY))

    with pytest.raises(InvalidFieldError, match="artifactType"):
        parse(compact(value))
    assert parse(compact({**value, "artifactType": "a/b"}), strict=True).findings == ()


@pytest.mark.parametrize(
    ("value", "promised"),
    [
        pytest.param(docker_manifest(), DOCKER_MANIFEST, id="manifest"),
        pytest.param(index(docker=True), DOCKER_INDEX, id="list"),
    ],
)
def test_a_docker_document_names_its_media_type(
    value: dict[str, Any], promised: str
) -> None:
    """Distribution refuses one that does not."""
    del value["mediaType"]

    assert [f.code for f in parse(compact(value), promised).findings] == [
        "missing-media-type"
    ]
    with pytest.raises(DocumentError, match="mediaType"):
        parse(compact(value), promised, strict=True)


def test_an_entry_of_a_manifest_list_names_its_platform() -> None:
    """An entry of an index need not."""
    entry = descriptor()

    doc = parse(compact(index(entry, docker=True)))
    assert [(f.code, f.where) for f in doc.findings] == [
        ("missing-platform", "manifests[0].platform")
    ]
    assert parse(compact(index(entry)), strict=True).findings == ()


@pytest.mark.spec(
    "image-spec config.md, rootfs.type",
    "Implementations MUST generate an error if they encounter a unknown value while "
    "verifying or unpacking an image.",
)
def test_a_root_file_system_is_made_of_layers() -> None:
    """And of nothing else."""
    value = config(rootfs={"type": "windows", "diff_ids": [DIGEST]})

    with pytest.raises(InvalidFieldError, match=r"rootfs\.type"):
        parse(compact(value))


def test_a_layout_of_another_version_is_noticed() -> None:
    """There is one."""
    assert [f.code for f in parse_layout(b'{"imageLayoutVersion":"2"}').findings] == [
        "unknown-layout-version"
    ]
    assert parse_layout(b'{"imageLayoutVersion":"1.0.0"}', strict=True).findings == ()


def test_a_stand_in_for_the_media_type_counts_as_one() -> None:
    """Go would read it."""
    value = manifest()
    value["MediaType"] = value.pop("mediaType")

    assert [f.code for f in parse(compact(value)).findings] == ["name-case"]
