"""Schema 1: layers and history, base first."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from documents import DIGEST, OTHER, compact

from ocilayers.errors import DocumentSyntaxError, InvalidFieldError
from ocilayers.spec.config import History
from ocilayers.spec.digest import Digest
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.wire.parse import parse
from ocilayers.wire.schema1 import history, layers


def schema1(*steps: object, blobs: tuple[str, ...]) -> Schema1Manifest:
    """A manifest of some steps, top first."""
    value: dict[str, Any] = {
        "schemaVersion": 1,
        "fsLayers": [{"blobSum": blob} for blob in blobs],
        "history": [
            {"v1Compatibility": s if isinstance(s, str) else json.dumps(s)}
            for s in steps
        ],
    }
    model = parse(compact(value)).model
    assert isinstance(model, Schema1Manifest)
    return model


@pytest.mark.spec(
    "distribution manifest-v2-1.md, Manifest Field Descriptions",
    "fsLayers is a list of filesystem layer blob sums contained in this image.",
)
def test_the_base_comes_first_here() -> None:
    """There the top does."""
    manifest = schema1(
        {"throwaway": True, "comment": "top", "author": 1},
        {
            "created": "2021-06-07T01:07:31Z",
            "author": "me",
            "container_config": {"Cmd": ["/bin/sh", "-c", "ls", None]},
        },
        blobs=(OTHER, DIGEST),
    )

    assert history(manifest) == (
        History(
            created="2021-06-07T01:07:31Z", author="me", created_by="/bin/sh -c ls"
        ),
        History(comment="top", empty_layer=True),
    )
    assert layers(manifest) == (DIGEST,)


def test_a_step_that_is_no_object_is_refused() -> None:
    """With its place in the document."""
    with pytest.raises(InvalidFieldError, match=r"history\[0\]\.v1Compatibility"):
        history(schema1("[]", blobs=(DIGEST,)))
    with pytest.raises(DocumentSyntaxError):
        history(schema1("{", blobs=(DIGEST,)))


def test_every_layer_has_a_step() -> None:
    """Else nobody knows which is which."""
    with pytest.raises(InvalidFieldError, match="one step for each layer"):
        schema1({}, blobs=(DIGEST, OTHER))


def test_a_real_signed_manifest_is_read(shared: Path) -> None:
    """All of it, as skopeo wrote it."""
    with tarfile.open(shared / "corpus/images/nasty-v2s1/image.dir.tar") as archive:
        member = archive.extractfile("manifest.json") or archive.extractfile(
            "./manifest.json"
        )
        assert member is not None
        doc = parse(member.read())
    assert isinstance(doc.model, Schema1Manifest)

    assert len(history(doc.model)) == len(doc.model.fs_layers)
    assert len(layers(doc.model)) <= len(doc.model.fs_layers)
    assert doc.digest != Digest.of(doc.raw)
