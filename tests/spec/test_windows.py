"""Windows builds: which host runs which."""

from __future__ import annotations

import pytest

from ocilayers.spec._windows import build_of, runs


@pytest.mark.spec(
    "image-spec image-index.md, os.version",
    "Implementations MAY refuse to use manifests where os.version is not "
    "known to work with the host OS version.",
)
@pytest.mark.parametrize(
    ("host", "image", "expected"),
    [
        pytest.param("", "10.0.1", True, id="the host does not say"),
        pytest.param("10.0.1", "", True, id="the image does not say"),
        pytest.param("odd", "odd", True, id="no version, but the same"),
        pytest.param("odd", "10.0.1", False, id="no version"),
        pytest.param("10.0.17763.9", "10.0.17763.1", True, id="revisions do not count"),
        pytest.param("10.0.17763", "10.0.17134", False, id="old hosts run their own"),
        pytest.param("10.1.20348", "10.0.20348", False, id="another minor version"),
        pytest.param("10.0.20348", "10.0.20348", True, id="that build itself"),
        pytest.param("10.0.22621", "10.0.20348", True, id="to the long-term build"),
        pytest.param("10.0.26100", "10.0.20348", True, id="back to the one before"),
        pytest.param("10.0.26101", "10.0.20348", False, id="no further back"),
        pytest.param("10.0.20348", "10.0.22621", False, id="newer than the host"),
    ],
)
def test_a_host_runs_what_is_as_old_as_it_may_be(
    host: str, image: str, *, expected: bool
) -> None:
    """Since 20348 back to the last long-term build, before that its own alone."""
    assert runs(host, image) is expected


def test_a_build_is_three_numbers() -> None:
    """The revision is left out."""
    assert build_of("10.0.17763.1") == (10, 0, 17763)
    assert build_of("10.0") is None
