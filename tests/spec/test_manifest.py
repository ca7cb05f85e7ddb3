"""Image manifests."""

from __future__ import annotations

import attrs
import pytest
from documents import pickled

from ocilayers.spec.descriptor import EMPTY_JSON, Descriptor
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import OCI_CONFIG, OCI_LAYER, OCI_MANIFEST

CONFIG = Descriptor.of(b"{}", OCI_CONFIG)
LAYER = Descriptor.of(b"tar", OCI_LAYER)


def test_a_manifest_refers_to_its_config_and_then_its_layers() -> None:
    """Its subject may not even exist."""
    manifest = ImageManifest(config=CONFIG, layers=[LAYER, LAYER], subject=EMPTY_JSON)

    assert manifest.references == (CONFIG, LAYER, LAYER)
    assert manifest.media_type == OCI_MANIFEST
    assert manifest.schema_version == 2


@pytest.mark.spec(
    "distribution-spec spec.md, Listing Referrers",
    "If the artifactType is empty or missing in the image manifest, the value of "
    "artifactType MUST be set to the config descriptor mediaType value.",
)
def test_what_a_manifest_holds_is_its_own_word_or_that_of_its_config() -> None:
    """In this order."""
    manifest = ImageManifest(config=CONFIG, layers=[LAYER])

    assert manifest.effective_artifact_type == OCI_CONFIG
    assert attrs.evolve(manifest, artifact_type="a/b").effective_artifact_type == "a/b"


def test_a_manifest_is_a_value() -> None:
    """It matches, hashes, pickles, and is short to look at, however long."""
    manifest = ImageManifest(config=CONFIG, layers=[LAYER] * 20)

    match manifest:
        case ImageManifest(layers=[first, *rest]):
            assert first == LAYER
            assert len(rest) == 19
        case _:
            pytest.fail("it does not match itself")
    assert pickled(manifest) == manifest
    assert hash(manifest) == hash(pickled(manifest))
    assert "17 more" in repr(manifest)
