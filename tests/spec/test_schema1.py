"""Schema 1 as a value."""

from __future__ import annotations

from documents import DIGEST, pickled

from ocilayers.spec.schema1 import FSLayer, Schema1History, Schema1Manifest


def test_a_schema_1_manifest_is_a_value() -> None:
    """Its top layer comes first."""
    manifest = Schema1Manifest(
        fs_layers=[FSLayer(blob_sum=DIGEST)],
        history=[Schema1History(v1_compatibility="{}")],
        name="a",
    )

    assert pickled(manifest) == manifest
    assert hash(manifest) == hash(pickled(manifest))
    assert manifest.schema_version == 1
