"""The rules of findings: stable codes that say what they mean."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from package import rules

from ocilayers.errors import OCILayersError
from ocilayers.findings import Rule

ROOT = Path(__file__).resolve().parents[2]
TESTS = "".join(
    path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py"))
)
ALL = [rule for declared in rules().values() for rule in declared]


def test_a_code_means_one_thing() -> None:
    """Two rules of one code could not be told apart."""
    counted = Counter(rule.code for rule in ALL)

    assert [code for code, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_a_rule_can_be_read(rule: Rule) -> None:
    """Its code is kebab-case, its summary a sentence without a full stop."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.code)
    assert rule.severity in {"error", "warning", "note"}
    assert rule.summary
    assert not rule.summary.endswith(".")


@pytest.mark.parametrize(
    "rule", [r for r in ALL if r.severity == "error"], ids=lambda rule: rule.code
)
def test_an_error_says_what_a_strict_reader_raises(rule: Rule) -> None:
    """The root of the tree would tell a caller nothing."""
    assert issubclass(rule.error, OCILayersError)
    assert rule.error is not OCILayersError


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_a_test_speaks_of_every_rule(rule: Rule) -> None:
    """By its code or its constant: that each is raised is what coverage shows."""
    (constant,) = {
        name
        for module in (ROOT / "ocilayers").rglob("rules.py")
        for name in re.findall(
            rf'(?m)^(\w+): Final = Rule\(\s*"{rule.code}"', module.read_text("utf-8")
        )
    }

    assert re.search(rf'"{rule.code}"|\b{constant}\b', TESTS)
