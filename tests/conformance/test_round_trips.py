"""Every image, layer and document of the corpus, taken apart and put together again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cases import cases
from corpus_images import BROKEN, UNVERIFIED, archive, choices, folders

from ocilayers._source import chunks
from ocilayers.archive.archive import open_archive
from ocilayers.archive.member import pack
from ocilayers.archive.oci_layout import open_layout
from ocilayers.archive.write_archive import ArchiveForm, write_archive
from ocilayers.archive.write_layout import write_layout
from ocilayers.codec.decoder import new_decoder
from ocilayers.errors import OCILayersError
from ocilayers.image.blobs import opened
from ocilayers.image.image import Image
from ocilayers.layer.index import LayerIndex, index_layer
from ocilayers.spec.digest import Digest
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.framing import reassemble
from ocilayers.wire.document import Document
from ocilayers.wire.parse import parse


def _images() -> Iterator[Any]:
    for folder in folders():
        if folder.name not in {*BROKEN, *UNVERIFIED}:
            for n, chosen in enumerate(choices(folder)):
                yield pytest.param(folder, chosen, id=f"{folder.name}-{n}")


each_image = pytest.mark.parametrize(("folder", "chosen"), [*_images()])


def _open(folder: Path, chosen: dict[str, Any]) -> Image:
    return open_archive(archive(folder), **chosen)


@each_image
def test_an_image_is_the_same_after_a_layout(
    folder: Path, chosen: dict[str, Any], tmp_path: Path
) -> None:
    """The same digest, and every blob is there."""
    image = _open(folder, chosen)
    for member in write_layout(image):
        path = tmp_path / member.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(member.chunks))

    again = open_layout(tmp_path)

    assert image.digest == again.digest
    assert again.verify().verified


@pytest.mark.parametrize("form", ["new", "old"])
@each_image
def test_an_image_is_the_same_after_an_archive(
    folder: Path, chosen: dict[str, Any], form: ArchiveForm
) -> None:
    """The same image ID, and every layer is there."""
    image = _open(folder, chosen)
    tar = b"".join(pack(write_archive(image, form=form)))

    again = open_archive(io.BytesIO(tar))

    assert image.config.digest == again.config.digest
    assert again.verify().verified


@each_image
def test_a_layer_is_put_together_bit_for_bit(
    folder: Path, chosen: dict[str, Any]
) -> None:
    """From its framing and the contents of its files; and its index from its bytes."""
    for layer in _open(folder, chosen).layers:
        with opened(layer.blobs, layer.descriptor) as stored:
            blob = b"".join(map(bytes, chunks(stored)))
        index = index_layer(io.BytesIO(blob))
        decoder = new_decoder(index.facts.compression)
        tar = TarDecoder(framing=True)
        contents: list[bytes] = []
        for plain in decoder.feed(blob):
            contents += [e for e in tar.feed(plain) if isinstance(e, bytes)]
        tar.finish()

        again = b"".join(reassemble(tar.framing, contents))

        assert index.facts.diff_id == Digest.of(again)
        assert index == LayerIndex.from_bytes(index.to_bytes())


def _documents() -> Iterator[Any]:
    for case in cases("documents"):
        if case["kind"] == "docker-save-manifest":
            continue
        with suppress(OCILayersError):
            raw = case["document"].encode()
            yield pytest.param(raw, parse(raw, case["mediaType"]), id=case["name"])


def _is_kept(document: Document[Any], raw: bytes) -> None:
    assert raw == document.raw
    assert Digest.of(raw) == document.digest
    if not isinstance(document.model, Schema1Manifest):
        assert raw == document.edit(document.model).raw


@pytest.mark.parametrize(("raw", "document"), [*_documents()])
def test_a_document_that_is_read_is_written_as_it_came(
    raw: bytes, document: Document[Any]
) -> None:
    """To the byte, also after an edit that changes nothing."""
    _is_kept(document, raw)


@each_image
def test_the_documents_of_an_image_are_kept(
    folder: Path, chosen: dict[str, Any]
) -> None:
    """Its manifest and its config."""
    image = _open(folder, chosen)
    for document in (image.manifest, image.config):
        _is_kept(document, document.raw)
