"""Steps and layers, side by side."""

from __future__ import annotations

import pytest

from ocilayers.spec.config import History
from ocilayers.spec.history import align, fitted

FULL = History()
EMPTY = History(empty_layer=True)


@pytest.mark.spec(
    "image-spec config.md, empty_layer",
    "It is set to true if this history item doesn't correspond to an actual "
    "layer in the rootfs section",
)
@pytest.mark.spec(
    "image-spec config.md, history",
    "The array is ordered from first to last.",
)
def test_steps_with_a_layer_take_the_layers_in_order() -> None:
    """Empty steps take none."""
    alignment = align([FULL, EMPTY, FULL], 2)

    assert alignment.layers == (0, None, 1)
    assert alignment.steps == (0, 2)
    assert alignment.findings == ()


@pytest.mark.parametrize(
    ("layers", "of_steps", "of_layers"),
    [
        pytest.param(1, (0, None, None), (0,), id="steps left over"),
        pytest.param(3, (0, None, 1), (0, 2, None), id="layers left over"),
        pytest.param(0, (None, None, None), (), id="no layers"),
    ],
)
def test_what_does_not_fit_is_left_over_at_the_top(
    layers: int, of_steps: tuple[int | None, ...], of_layers: tuple[int | None, ...]
) -> None:
    """And a finding says so."""
    alignment = align([FULL, EMPTY, FULL], layers)

    assert alignment.layers == of_steps
    assert alignment.steps == of_layers
    assert [finding.code for finding in alignment.findings] == ["history-mismatch"]


def test_a_missing_history_is_no_mismatch() -> None:
    """It is optional."""
    assert align([], 2).steps == (None, None)
    assert align([], 2).findings == ()


@pytest.mark.parametrize(
    ("layers", "steps"),
    [
        pytest.param(1, [FULL, EMPTY, EMPTY], id="steps left over"),
        pytest.param(2, [FULL, EMPTY, FULL], id="what fits"),
        pytest.param(3, [FULL, EMPTY, FULL, FULL], id="layers left over"),
    ],
)
def test_what_is_fitted_leaves_nothing_over(layers: int, steps: list[History]) -> None:
    """So that the next step gets the next layer."""
    found = fitted([FULL, EMPTY, FULL], layers)

    assert found == tuple(steps)
    assert align(found, layers).findings == ()
