"""What images have in common: layers, and the base they lie on."""

from __future__ import annotations

import pickle

import pytest
from built_images import BASE, TOP, blobs_of, image_of, stored

from ocilayers.errors import ImageError
from ocilayers.image.image import Image
from ocilayers.image.sharing import is_based_on, shared_layers
from ocilayers.spec.platform import Platform

BIG = stored(TOP, "none")
ONE, TWO = image_of(BASE, TOP), image_of(BASE, BIG)
EMPTY = Image.empty(Platform(os="linux", architecture="amd64"))


def test_a_layer_is_shared_by_images_whose_diff_ids_are_equal() -> None:
    """However each of them stores it."""
    base, top = sorted(shared_layers([ONE, TWO]), key=lambda layer: layer.stored)

    assert (BASE.diff_id, (0, 1)) == (base.diff_id, base.images)
    assert ((BASE.facts.digest, BASE.facts.size),) == base.sizes
    assert (TOP.diff_id, (0, 1)) == (top.diff_id, top.images)
    assert (
        (TOP.facts.digest, TOP.facts.size),
        (BIG.facts.digest, BIG.facts.size),
    ) == top.sizes
    assert TOP.facts.size + BIG.facts.size == top.stored


def test_the_largest_come_first() -> None:
    """And equally large ones in the order of the images."""
    found = shared_layers([ONE, TWO])

    assert [TOP.diff_id, BASE.diff_id] == [layer.diff_id for layer in found]


def test_a_layer_of_one_image_alone_is_not_shared() -> None:
    """However often it is in there."""
    assert () == shared_layers([])
    assert () == shared_layers([image_of(BASE, BASE), image_of(TOP)])


def test_images_are_named_by_their_places() -> None:
    """Once each; those between have nothing of it."""
    images = iter([image_of(BASE, BASE), image_of(TOP), ONE])

    assert [(0, 2), (1, 2)] == sorted(layer.images for layer in shared_layers(images))


def test_no_layer_is_read() -> None:
    """Documents tell."""
    images = [Image(one.manifest, one.config, {}) for one in (ONE, TWO)]

    assert shared_layers([ONE, TWO]) == shared_layers(images)
    assert is_based_on(images[0], image_of(BASE, blobs={}))


def test_a_shared_layer_is_a_value() -> None:
    """It can be compared, hashed and sent to another process."""
    first, *_ = shared_layers([ONE, TWO])

    assert first == pickle.loads(pickle.dumps(first))  # noqa: S301  # ours
    assert hash(first) == hash(shared_layers([ONE, TWO])[0])


@pytest.mark.parametrize(
    ("image", "base", "expected"),
    [
        pytest.param(ONE, image_of(BASE), True, id="its first layer"),
        pytest.param(ONE, ONE, True, id="itself"),
        pytest.param(ONE, TWO, True, id="equal layers, stored otherwise"),
        pytest.param(ONE, EMPTY, True, id="no layers"),
        pytest.param(image_of(BASE), ONE, False, id="more layers"),
        pytest.param(ONE, image_of(TOP), False, id="its other layer"),
        pytest.param(ONE, image_of(TOP, BASE), False, id="another order"),
    ],
)
def test_an_image_is_based_on_one_whose_layers_it_begins_with(
    image: Image, base: Image, *, expected: bool
) -> None:
    """Layers are all there is to tell."""
    assert expected is image.is_based_on(base)


def test_layers_without_a_diff_id_are_refused() -> None:
    """Nobody knows what they are."""
    odd = image_of(BASE, TOP, diff_ids=[BASE.diff_id], blobs=blobs_of(BASE, TOP))
    with pytest.raises(ImageError):
        shared_layers([odd])
    with pytest.raises(ImageError):
        is_based_on(odd, image_of(BASE))
    with pytest.raises(ImageError):
        is_based_on(ONE, odd)
