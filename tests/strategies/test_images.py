"""Whole images: documents, blobs and layers agree."""

from __future__ import annotations

from hypothesis import given, settings

from ocilayers.image.image import Image
from ocilayers.strategies.images import images

drawn = settings(derandomize=True, max_examples=25, deadline=None, database=None)


@drawn
@given(images())
def test_an_image_verifies(image: Image) -> None:
    """There is nothing wrong with it."""
    report = image.verify()

    assert report.verified
    assert () == report.errors


@drawn
@given(images(hostile=True))
def test_a_hostile_image_has_all_its_blobs(image: Image) -> None:
    """Whatever its layers mean."""
    for layer in image.layers:
        assert layer.diff_id == layer.read(content="none").facts.diff_id
