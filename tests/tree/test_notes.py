"""Findings of one layer, each at its place."""

from __future__ import annotations

import pytest

from ocilayers.errors import MergeError
from ocilayers.findings import FindingLog
from ocilayers.tree._notes import Notes
from ocilayers.tree.rules import PARENT_IS_FILE


@pytest.mark.parametrize(
    ("layer", "where"),
    [("layers[2]", "layers[2]/a/b"), ("", "/a/b")],
    ids=["one of several", "a layer alone"],
)
def test_a_finding_names_its_layer_and_path(layer: str, where: str) -> None:
    """So that one log serves many layers."""
    log = FindingLog()
    notes = Notes(log, layer)

    notes.add(PARENT_IS_FILE, "a/b", "said otherwise")

    assert where == notes.where("a/b")
    assert [(PARENT_IS_FILE.code, where, "said otherwise")] == [
        (finding.code, finding.where, finding.message) for finding in log.findings
    ]


def test_a_strict_log_raises_what_is_noted() -> None:
    """With the same place."""
    with pytest.raises(MergeError, match=r"layers\[0\]/a"):
        Notes(FindingLog(strict=True), "layers[0]").add(PARENT_IS_FILE, "a")
