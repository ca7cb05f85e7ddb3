"""Steps in their order, those without a layer in grey."""

from __future__ import annotations

from ocilayers.image.sample import sample_image
from ocilayers.notebook.history import timeline

STEPS = sample_image().history


def test_every_step_has_a_row() -> None:
    """With its day, and what it did."""
    svg = timeline(STEPS).svg

    assert "5 steps, 4 of them made a layer" in svg
    order = [svg.index(f">{what}</text>") for what in _WHAT]
    assert sorted(order) == order
    assert 5 == svg.count(">2021-06-0")


_WHAT = ("layer 0", "no layer", "layer 1", "layer 2", "layer 3")


def test_a_line_joins_two_steps_or_more() -> None:
    """One step is joined with nothing."""
    assert "<line" in timeline(STEPS[:2]).svg
    assert "<line" not in timeline(STEPS[:1]).svg


def test_of_many_steps_the_first_are_drawn() -> None:
    """The rest is counted."""
    assert "25 steps more" in timeline(STEPS * 25).svg
