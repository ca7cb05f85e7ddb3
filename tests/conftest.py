"""What every test may ask for: the shared corpus, and hypothesis profiles."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("fast", max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", max_examples=5000, deadline=None)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "fast")
)


def shared_root() -> Path | None:
    """The folder of measured facts, or None where this checkout has none."""
    root = Path(os.environ.get("OCILAYERS_SHARED", ROOT.parent / "shared"))
    return root if (root / "conformance").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measured facts: conformance cases and real images."""
    root = shared_root()
    if root is None:
        pytest.skip("no shared corpus here: set OCILAYERS_SHARED to its folder")
    return root
