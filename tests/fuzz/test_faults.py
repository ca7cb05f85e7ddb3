"""No fault of a blob or of its source is ever silently wrong."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest
from faults import FAULTS, count

#: A prime, so that every bit of a byte has its turn.
STEP = 61


@pytest.fixture(scope="module")
def worker() -> Iterator[Executor]:
    """One thread beside."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_silently_wrong(fault: str) -> None:
    """It is right, or refused, or the source says itself what happened."""
    seen = count(fault, STEP)

    assert 0 == seen["WRONG"]
    assert seen.total() > len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_silently_wrong_with_a_worker(fault: str, worker: Executor) -> None:
    """What happens in another thread is told in this one."""
    seen = count(fault, STEP * 7, worker)

    assert 0 == seen["WRONG"]
