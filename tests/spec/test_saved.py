"""Items of `manifest.json` in a `docker save` archive."""

from __future__ import annotations

from documents import DIGEST, pickled

from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.saved import SavedImage


def test_a_saved_image_is_a_value() -> None:
    """With names of the archive, which are untrusted."""
    source = Descriptor.of(b"layer", "a/b")
    image = SavedImage(
        config="x.json", layers=["l/layer.tar"], layer_sources={DIGEST: source}
    )

    assert pickled(image) == image
    assert hash(image) == hash(pickled(image))
    assert image.repo_tags == ()
    assert image.layer_sources[DIGEST] == source
    assert SavedImage(config="x").layer_sources == {}
