"""One short look for every model."""

from __future__ import annotations

import pytest

from ocilayers.spec.config import ContainerConfig, RootFS


def test_defaults_and_what_says_nothing_are_left_out() -> None:
    """So the look of a model is what it says."""
    config = ContainerConfig(cmd=["a"], tty=True, unset={"Hostname": ""})

    assert repr(config) == "ContainerConfig(cmd=('a',), tty=True)"


def test_long_lists_and_texts_are_cut() -> None:
    """The rest is counted."""
    rootfs = RootFS(type="t" * 81, diff_ids=[f"sha256:{n:064x}" for n in range(5)])

    assert f"type='{'t' * 80}'…" in repr(rootfs)
    assert " … 2 more)" in repr(rootfs)


@pytest.mark.hostile("names that are markup or move a cursor")
def test_nothing_in_it_moves_a_cursor() -> None:
    """Control and bidirectional characters are written as escapes."""
    shown = repr(ContainerConfig(user="\x1b[31m\u202e"))

    assert shown == r"ContainerConfig(user='\x1b[31m\u202e')"
