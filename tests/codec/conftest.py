"""What every test of a stream may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest
from codec_streams import Busy


@pytest.fixture(params=["no executor", "two workers", "busy workers"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    """Every way to run, with the same results."""
    if request.param == "no executor":
        yield None
    elif request.param == "busy workers":
        yield Busy()
    else:
        with ThreadPoolExecutor(2) as pool:
            yield pool
