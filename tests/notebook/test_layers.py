"""The stack of layers, the base at the bottom."""

from __future__ import annotations

import re

import attrs

from ocilayers.image.sample import sample_image
from ocilayers.notebook.layers import layer_stack

LAYERS = sample_image().layers


def test_the_base_is_at_the_bottom() -> None:
    """With the longest bar where it is the largest."""
    svg = layer_stack(LAYERS).svg

    order = [svg.index(f">{layer.created_by}</text>") for layer in reversed(LAYERS)]
    assert sorted(order) == order
    widths = [float(width) for width in re.findall(r"<svg [^>]*width='([^']*)'", svg)]
    assert 220 == max(widths[1:]) == widths[-1]


def test_a_layer_without_a_step_says_so() -> None:
    """Its history may be missing."""
    image = sample_image()
    bare = image.edit(config=attrs.evolve(image.config.model, history=()))

    assert "(no step says what made it)" in bare.figures.layers().svg


def test_of_many_layers_the_largest_are_drawn() -> None:
    """The rest is counted."""
    assert "20 smaller layers more" in layer_stack(LAYERS * 20).svg
