"""Which step of a history made which layer.

Source: image-spec, config.md, "history"; moby, `daemon/internal/image/tarexport`.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ocilayers.findings import Finding, FindingLog
from ocilayers.spec.config import History
from ocilayers.spec.rules import HISTORY_MISMATCH

__all__ = ["Alignment", "align", "fitted"]


@attrs.frozen
class Alignment:
    """Steps and layers, side by side.

    Attributes:
        layers: For each step the layer that it made, or None.
        steps: For each layer the step that made it, or None.
        findings: What does not fit; empty where all fits, and without any history.
    """

    layers: tuple[int | None, ...]
    steps: tuple[int | None, ...]
    findings: tuple[Finding, ...] = ()


def align(history: Sequence[History], layers: int) -> Alignment:
    """Match the steps of a history with layers, from the base up.

    >>> align([History(), History(empty_layer=True), History()], 2).layers
    (0, None, 1)

    Where they do not fit, steps or layers at the top are left without a partner.

    Args:
        history: The steps, first to last.
        layers: How many layers the image has.
    """
    of_step: list[int | None] = []
    of_layer: list[int | None] = []
    filled = 0
    for place, step in enumerate(history):
        if step.empty_layer:
            of_step.append(None)
            continue
        of_step.append(filled if filled < layers else None)
        if filled < layers:
            of_layer.append(place)
        filled += 1
    of_layer += [None] * (layers - len(of_layer))
    log = FindingLog()
    # "history: OPTIONAL" — without one there is nothing to fit.
    if history and filled != layers:
        message = f"{filled} steps with a layer, but {layers} layers"
        log.add(HISTORY_MISMATCH, "history", message)
    return Alignment(tuple(of_step), tuple(of_layer), log.findings)


def fitted(history: Sequence[History], layers: int) -> tuple[History, ...]:
    """The steps, so that others can follow: as many with a layer as there are layers.

    Steps belong to layers by their places. So one left over has made none, whatever it
    says, and a layer without one gets one that says nothing.

    >>> [step.empty_layer for step in fitted([History(), History()], 1)]
    [False, True]

    Args:
        history: The steps, first to last.
        layers: How many layers the image has.
    """
    alignment = align(history, layers)
    steps = [
        attrs.evolve(step, empty_layer=True) if layer is None else step
        for step, layer in zip(history, alignment.layers, strict=True)
    ]
    return *steps, *[History()] * alignment.steps.count(None)
