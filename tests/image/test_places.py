"""`place`: where in an image an error happened."""

from __future__ import annotations

import pytest

from ocilayers.errors import ImageError
from ocilayers.image.places import place


def test_a_place_is_put_before_the_place_of_an_error() -> None:
    """From the inside out; an error without one gets it."""
    error = ImageError("broken")
    with pytest.raises(ImageError), place("image"), place("config"):
        raise error

    assert "image: config" == error.where
    assert "image: config: broken" == str(error)


def test_a_foreign_error_passes_through() -> None:
    """It has no place to write on."""
    with pytest.raises(OSError, match=r"^mine$"), place("config"):
        raise OSError("mine")
