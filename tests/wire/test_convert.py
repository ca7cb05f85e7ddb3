"""Documents in the words of the other standard."""

from __future__ import annotations

from typing import Any

import pytest
from documents import compact, config, descriptor, docker_manifest, index, manifest

from ocilayers.errors import InvalidFieldError, MediaTypeMismatchError
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_INDEX,
    DOCKER_LAYER_GZIP,
    DOCKER_MANIFEST,
    OCI_CONFIG,
    OCI_FOREIGN_LAYER_ZSTD,
    OCI_INDEX,
    OCI_LAYER_GZIP,
    OCI_MANIFEST,
)
from ocilayers.wire.convert import convert
from ocilayers.wire.parse import parse, parse_config, parse_index, parse_manifest

AMD64 = {"architecture": "amd64", "os": "linux"}


@pytest.mark.spec(
    "image-spec media-types.md, Compatibility Matrix",
    "The OCI Image Specification strives to be backwards and forwards compatible when "
    "possible.",
)
def test_from_docker_to_oci_nothing_is_lost() -> None:
    """Only names change, each in its place."""
    raw = compact(docker_manifest(x={"y": 1.50}))
    conversion = convert(parse_manifest(raw))

    assert conversion.losses == ()
    assert conversion.document.media_type == OCI_MANIFEST
    assert conversion.document.raw == (
        raw.replace(DOCKER_MANIFEST.encode(), OCI_MANIFEST.encode())
        .replace(DOCKER_CONFIG.encode(), OCI_CONFIG.encode())
        .replace(DOCKER_LAYER_GZIP.encode(), OCI_LAYER_GZIP.encode())
    )
    assert convert(conversion.document, "docker").document.raw == raw


def test_from_oci_to_docker_every_loss_is_told() -> None:
    """With its wire path in the former document."""
    extra: dict[str, Any] = {"annotations": {"a": "b"}, "urls": ["https://x.test"]}
    doc = parse_manifest(
        compact(
            manifest(
                config=descriptor(mediaType=OCI_CONFIG, **extra),
                layers=[descriptor(**extra), descriptor(mediaType="x/y")],
                subject=descriptor(),
                artifactType="a/b",
                annotations={"c": "d"},
                x=1,
            )
        )
    )
    conversion = convert(doc, "docker")

    assert [(loss.code, loss.where) for loss in conversion.losses] == [
        ("lost-member", "artifactType"),
        ("lost-member", "subject"),
        ("lost-member", "annotations"),
        ("lost-member", "config.urls"),
        ("lost-member", "config.annotations"),
        ("lost-member", "layers[0].annotations"),
    ]
    layer = descriptor(mediaType=DOCKER_LAYER_GZIP, urls=["https://x.test"])
    assert conversion.document.raw == compact(
        docker_manifest(layers=[layer, descriptor(mediaType="x/y")], x=1)
    )


def test_a_layer_without_a_name_there_keeps_its_own() -> None:
    """And that is told."""
    doc = parse_manifest(
        compact(manifest(layers=[descriptor(mediaType=OCI_FOREIGN_LAYER_ZSTD)]))
    )
    conversion = convert(doc, "docker")

    assert [(loss.code, loss.where) for loss in conversion.losses] == [
        ("unconverted", "layers[0].mediaType")
    ]
    assert conversion.document.model.layers[0].media_type == OCI_FOREIGN_LAYER_ZSTD


@pytest.mark.spec(
    "image-spec config.md, ImageID",
    "Each image's ID is given by the SHA256 hash of its configuration JSON.",
)
def test_a_config_changes_its_name_alone() -> None:
    """The image ID stays the same."""
    doc = parse_config(compact(config(docker_version="1")))
    converted = convert(doc).document

    assert (doc.media_type, converted.media_type) == (DOCKER_CONFIG, OCI_CONFIG)
    assert converted.raw == doc.raw
    assert converted.digest == doc.digest


def test_what_is_so_already_is_left_alone() -> None:
    """Byte for byte."""
    doc = parse_manifest(b" " + compact(manifest()))

    assert convert(doc, "oci").document is doc


def test_an_index_is_made_of_converted_children() -> None:
    """Those that nobody converted stay as they are, and that is told."""
    child = parse_manifest(compact(manifest()))
    entry = {
        "mediaType": OCI_MANIFEST,
        "digest": child.digest,
        "size": child.size,
        "platform": AMD64,
        "annotations": {"a": "b"},
    }
    other = descriptor(mediaType=OCI_MANIFEST, platform=AMD64)
    silent = descriptor(mediaType=OCI_MANIFEST)
    doc = parse_index(compact(index(entry, other, silent, annotations={"a": "b"})))
    new = convert(child, "docker").document
    conversion = convert(doc, "docker", children={child.digest: new.descriptor()})

    assert [(loss.code, loss.where) for loss in conversion.losses] == [
        ("lost-member", "manifests[0].annotations"),
        ("unconverted", "manifests[1]"),
        ("lost-entry", "manifests[2]"),
        ("lost-member", "annotations"),
    ]
    assert conversion.document.media_type == DOCKER_INDEX
    first, second = conversion.document.model.manifests
    assert (first.digest, first.size) == (new.digest, new.size)
    assert first.media_type == DOCKER_MANIFEST
    assert second.digest == other["digest"]


def test_a_list_becomes_an_index() -> None:
    """Entries with children of the same standard are exchanged too."""
    entry = descriptor(mediaType=DOCKER_MANIFEST, platform=AMD64)
    doc = parse_index(compact(index(entry, docker=True)))
    child = parse_manifest(compact(manifest())).descriptor()
    children = {doc.model.manifests[0].digest: child}
    conversion = convert(doc, children=children)

    assert conversion.losses == ()
    assert conversion.document.media_type == OCI_INDEX
    assert conversion.document.model.manifests[0].digest == child.digest
    assert conversion.document.model.manifests[0].platform is not None
    assert convert(conversion.document, children=children).losses == ()


def test_other_documents_have_no_form_there() -> None:
    """A layout is OCI's alone."""
    doc = parse(b'{"imageLayoutVersion": "1.0.0"}')

    with pytest.raises(MediaTypeMismatchError, match="no form"):
        convert(doc, "docker")  # type: ignore[type-var]  # that is the point


@pytest.mark.parametrize("raw", [manifest(), index(), config()], ids=["m", "i", "c"])
def test_there_are_two_standards(raw: dict[str, Any]) -> None:
    """A third one is a mistake of the caller."""
    with pytest.raises(InvalidFieldError, match="no such dialect"):
        convert(parse(compact(raw)), to="v2s2")  # type: ignore[type-var,arg-type]  # the mistake
