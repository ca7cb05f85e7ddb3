"""What users write about documents, for type checkers; nobody runs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_type

from attrs import evolve

from ocilayers._types import JSONValue
from ocilayers.findings import Finding
from ocilayers.limits import Limits
from ocilayers.spec.chain_id import chain_id, chain_ids
from ocilayers.spec.config import ContainerConfig, Healthcheck, History, ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.history import align
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform
from ocilayers.spec.reference import Reference
from ocilayers.spec.saved import SavedImage
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.wire.convert import Conversion, convert
from ocilayers.wire.document import Document
from ocilayers.wire.parse import (
    parse,
    parse_config,
    parse_index,
    parse_manifest,
    parse_saved_manifest,
)
from ocilayers.wire.render import render


def read_a_manifest(raw: bytes) -> None:
    """The kind is known, so the model is."""
    doc = parse_manifest(raw, strict=True, limits=Limits(layers=100))

    assert_type(doc, Document[ImageManifest])
    assert_type(doc.raw, bytes)
    assert_type(doc.digest, Digest)
    assert_type(doc.media_type, MediaType)
    assert_type(doc.findings, tuple[Finding, ...])
    assert_type(doc.descriptor(), Descriptor)
    assert_type(doc.model.layers, tuple[Descriptor, ...])
    assert_type(doc.model.layers[0].digest, Digest)
    assert_type(doc.model.annotations, Mapping[str, str])
    assert_type(doc.model.unknown, Mapping[str, JSONValue])
    assert_type(doc.model.subject, Descriptor | None)


def read_whatever_it_is(raw: memoryview) -> str:
    """The kinds are few enough to name them all."""
    match parse(raw).model:
        case ImageManifest(config=config, layers=layers):
            assert_type(layers, tuple[Descriptor, ...])
            return config.digest
        case ImageIndex(manifests=manifests):
            return str(len(manifests))
        case ImageConfig(os=os):
            return os
        case Descriptor(size=size):
            return str(size)
        case LayoutHeader(image_layout_version=version):
            return version
        case Schema1Manifest(name=name):
            return name


def change_a_config(raw: bytes) -> Document[ImageConfig]:
    """Values are changed with `attrs.evolve`."""
    doc = parse_config(raw)
    assert_type(doc.model.config, ContainerConfig)
    assert_type(doc.model.config.healthcheck, Healthcheck | None)
    assert_type(doc.model.config.environment, Mapping[str, str])
    assert_type(doc.model.created.unix_ns, int | None)
    settings = evolve(doc.model.config, env=[*doc.model.config.env, "A=1"])
    new = doc.edit(evolve(doc.model, config=settings, author="me"))
    assert_type(new, Document[ImageConfig])
    return new


def choose_a_platform(raw: bytes) -> Descriptor:
    """By text or by value."""
    index = parse_index(raw).model
    assert_type(index.select("linux/arm64"), Descriptor)
    return index.select(Platform.parse("linux/arm64/v8"), strict=True)


def make_new_ones() -> None:
    """Texts, lists and maps become what the models hold."""
    layer = Descriptor(
        media_type="application/vnd.oci.image.layer.v1.tar",
        digest="sha256:" + "a" * 64,
        size=3,
        annotations={"a": "b"},
    )
    manifest = ImageManifest(config=layer, layers=[layer])
    config = ImageConfig(history=[History(created_by="x")])

    assert_type(render(manifest), Document[ImageManifest])
    assert_type(render(config, "canonical"), Document[ImageConfig])
    assert_type(convert(render(manifest), "docker"), Conversion[ImageManifest])
    assert_type(chain_id(config.diff_ids), Digest | None)
    assert_type(chain_ids(config.diff_ids), tuple[Digest, ...])
    assert_type(align(config.history, 1).layers, tuple[int | None, ...])


def read_other_things(raw: bytes) -> None:
    """Archives and names."""
    assert_type(parse_saved_manifest(raw), Document[tuple[SavedImage, ...]])
    assert_type(Reference.parse("a:b").digest, Digest | None)
    assert_type(Digest("md5:x").matches(b""), bool | None)
    assert_type(Digest.of(b"", "sha512").verifiable, bool)
