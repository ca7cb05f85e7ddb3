"""Where in an image an error happened, or something was noticed."""

from __future__ import annotations

import pytest

from ocilayers.errors import ImageError
from ocilayers.findings import Finding
from ocilayers.image.places import place, placed


def test_a_place_is_put_before_the_place_of_an_error() -> None:
    """From the inside out; an error without one gets it."""
    error = ImageError("broken")
    with pytest.raises(ImageError), place("image"), place("config"):
        raise error

    assert "image: config" == error.where
    assert "image: config: broken" == str(error)


def test_what_a_place_says_already_is_not_said_again() -> None:
    """A layer that is missing is named by its digest once."""
    with pytest.raises(ImageError) as raised, place("layers[0] sha256:a"):
        raise ImageError("missing", where="sha256:a")

    assert "layers[0] sha256:a: missing" == str(raised.value)


def test_a_foreign_error_passes_through() -> None:
    """It has no place to write on."""
    with pytest.raises(OSError, match=r"^mine$"), place("config"):
        raise OSError("mine")


def test_what_was_noticed_is_placed_too() -> None:
    """Also what is true of the whole document."""
    inside, whole = (
        Finding("x", "note", where, "odd") for where in ("[0].RepoTags", "")
    )

    assert [found.where for found in placed((inside, whole), "manifest.json")] == [
        "manifest.json: [0].RepoTags",
        "manifest.json",
    ]
