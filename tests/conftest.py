"""What every test may ask for: the shared corpus, and hypothesis profiles."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# The same draws every time, so that nobody's first run finds what is no fault of
# theirs; `deep` draws anew.
settings.register_profile("fast", max_examples=50, deadline=None, derandomize=True)
settings.register_profile(
    "ci",
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", max_examples=5000, deadline=None)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "fast")
)

NO_CORPUS = "no shared corpus here: set OCILAYERS_SHARED to its folder"


def shared_root() -> Path | None:
    """The folder of measured facts, or None where this checkout has none."""
    root = Path(os.environ.get("OCILAYERS_SHARED", ROOT.parent / "shared"))
    return root if (root / "conformance").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measured facts: conformance cases and real images."""
    root = shared_root()
    if root is None:
        pytest.skip(NO_CORPUS)
    return root


# --- in CI a corpus that is not there is a failure: no test may pass by skipping


def pytest_configure(config: pytest.Config) -> None:
    """Stop at once where CI has no corpus."""
    if os.environ.get("CI") and shared_root() is None:
        raise pytest.UsageError(NO_CORPUS)
    config.pluginmanager.register(_SkipWatch(), "skip-watch")


#: Rows that are read from the corpus are an empty parameter set without it.
_SIGNS = ("corpus", "OCILAYERS_SHARED", "empty parameter set")


class _SkipWatch:
    """Fails a CI run in which a test was skipped for want of the corpus."""

    def __init__(self) -> None:
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        if not isinstance(report.longrepr, tuple):
            return
        reason = report.longrepr[2]
        if any(sign in reason for sign in _SIGNS):
            self.skipped.append(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if os.environ.get("CI") and self.skipped:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        if os.environ.get("CI") and self.skipped:
            terminalreporter.section("skipped for want of the corpus")
            for nodeid in self.skipped:
                terminalreporter.line(nodeid)
