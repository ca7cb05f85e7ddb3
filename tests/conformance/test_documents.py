"""What the shared facts say about documents, digests, platforms and names."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cases import cases, rows

from conftest import shared_root
from ocilayers.errors import OCILayersError
from ocilayers.spec.digest import Digest
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.wire.document import Document
from ocilayers.wire.parse import parse, parse_repositories, parse_saved_manifest
from ocilayers.wire.render import render

SHARED = shared_root()
pytestmark = pytest.mark.skipif(SHARED is None, reason="no shared corpus here")

#: Where a lenient reader takes what the case would have it refuse, and whose word
#: that is. A strict reader agrees with all of them.
DISAGREEMENTS = {
    "ispec-schema-manifest-06": (
        "image-spec manifest.md, layers: For portability, layers SHOULD have at least "
        "one entry. (Not MUST; an image without files has none.)"
    ),
    "ispec-schema-config-10": (
        "moby runs images with such entries in Env, and image-spec config.md says "
        "'Entries are in the format of VARNAME=VARVALUE' without a MUST. The case "
        "config-env-empty-name, which breaks the same sentence, is accepted."
    ),
}


DOCUMENTS: list[dict[str, Any]] = cases("documents")


def read(case: dict[str, Any], *, strict: bool) -> Document[Any]:
    """The document of a case."""
    raw = case["document"].encode()
    if case["kind"] == "docker-save-manifest":
        return parse_saved_manifest(raw, strict=strict)
    return parse(raw, case["mediaType"], strict=strict)


@pytest.mark.parametrize("case", rows(DOCUMENTS))
def test_a_strict_reader_takes_what_is_valid(case: dict[str, Any]) -> None:
    """And nothing else."""
    if case["valid"]:
        assert read(case, strict=True).raw.decode() == case["document"]
    else:
        with pytest.raises(OCILayersError):
            read(case, strict=True)


@pytest.mark.parametrize("case", rows(DOCUMENTS))
def test_a_lenient_reader_takes_what_real_images_hold(case: dict[str, Any]) -> None:
    """What it takes though it should not be, it notices."""
    expected = case["lenient"]
    if case["name"] in DISAGREEMENTS:
        expected = "accept-with-diagnostic"
    if expected == "reject":
        with pytest.raises(OCILayersError):
            read(case, strict=False)
        return
    doc = read(case, strict=False)

    assert bool(doc.findings) == (expected == "accept-with-diagnostic")
    severe = [finding for finding in doc.findings if finding.severity == "error"]
    assert bool(severe) == (not case["valid"])


@pytest.mark.parametrize("case", rows([case for case in DOCUMENTS if "digest" in case]))
def test_a_document_has_the_digest_and_the_size_it_should(case: dict[str, Any]) -> None:
    """Both of its bytes."""
    raw = case["document"].encode()

    assert Digest.of(raw) == case["digest"]
    assert len(raw) == case["size"]
    if case["lenient"] != "reject":
        assert read(case, strict=False).digest == case["digest"]


@pytest.mark.parametrize(
    "case", rows([case for case in DOCUMENTS if case.get("references")])
)
def test_references_come_in_their_order(case: dict[str, Any]) -> None:
    """The config first; an index has its manifests."""
    model = read(case, strict=False).model
    assert isinstance(model, ImageManifest | ImageIndex)
    found = model.references if isinstance(model, ImageManifest) else model.manifests

    assert [reference.digest for reference in found] == [
        r["digest"] if isinstance(r, dict) else r for r in case["references"]
    ]


@pytest.mark.parametrize(
    "case", rows([case for case in DOCUMENTS if case["lenient"] != "reject"])
)
def test_what_is_taken_can_be_edited_and_written(case: dict[str, Any]) -> None:
    """To itself byte for byte, and to the same model."""
    doc = read(case, strict=False)

    assert doc.edit(doc.model).raw == doc.raw
    for form in ("go", "indent3", "canonical"):
        named = None if isinstance(doc.model, tuple) else doc.media_type
        new = render(doc.model, form, media_type=named)
        assert new.model == doc.model


def archives() -> list[Any]:
    """The archives of real images."""
    found = sorted((SHARED / "corpus").glob("*/*/image.*")) if SHARED else []
    return [pytest.param(path, id=path.parent.name) for path in found]


def documents(path: Path) -> Iterator[tuple[str, bytes]]:
    """The JSON of one archive, but for configs of Docker's first format."""
    data = path.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isreg() else None
            raw = file.read() if file and member.size < 1 << 20 else b""
            is_json = raw[:1] in (b"{", b"[") and raw.strip() != b"{}"
            if is_json and not member.name.endswith("/json") and raw[:6] != b'{"id":':
                yield member.name, raw


@pytest.mark.parametrize("path", archives())
def test_every_real_document_is_edited_to_itself(path: Path) -> None:
    """Byte for byte, and written to the same model."""
    for name, raw in documents(path):
        doc: Document[Any]
        if name.endswith("repositories"):
            doc = parse_repositories(raw)
        elif raw.startswith(b"["):
            doc = parse_saved_manifest(raw)
        else:
            doc = parse(raw)
        if isinstance(doc.model, Schema1Manifest):
            continue
        model: Any = doc.model

        assert doc.edit(model).raw == raw
        named = None if doc.media_type == "application/json" else doc.media_type
        assert render(model, media_type=named).model == model
