"""The pictures of one image, and which of them read its layers."""

from __future__ import annotations

import pytest

from ocilayers.errors import BlobNotFoundError
from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.tar.entry import Entry

IMAGE = sample_image()
WITHOUT_BLOBS = Image(IMAGE.manifest, IMAGE.config, {})


def test_layers_and_history_are_drawn_without_blobs() -> None:
    """Documents tell enough."""
    assert IMAGE.figures.layers() == WITHOUT_BLOBS.figures.layers()
    assert IMAGE.figures.history() == WITHOUT_BLOBS.figures.history()


@pytest.mark.parametrize("name", ["treemap", "waste"])
def test_other_pictures_read_every_layer(name: str) -> None:
    """So they are asked for, and do not come by themselves."""
    with pytest.raises(BlobNotFoundError):
        getattr(WITHOUT_BLOBS.figures, name)()


def test_two_images_are_compared_from_the_first_to_the_second() -> None:
    """What only the other has was added."""
    other = IMAGE.append([Entry("motd", "file", content=b"hello")])

    assert "1 added" == IMAGE.figures.diff(other).title
    assert "1 removed" == other.figures.diff(IMAGE).title
