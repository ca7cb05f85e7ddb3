"""Architectures: one name for each, and what runs on what."""

from __future__ import annotations

import pytest

from ocilayers.spec._architecture import normalized, preferred


@pytest.mark.parametrize(
    ("name", "variant", "expected"),
    [
        ("AMD64", "V1", ("amd64", "")),
        ("x86-64", "v2", ("amd64", "v2")),
        ("i386", "v3", ("386", "")),
        ("aarch64", "v8", ("arm64", "")),
        ("arm64", "9.0", ("arm64", "v9")),
        ("armhf", "", ("arm", "v7")),
        ("armel", "v5", ("arm", "v6")),
        ("arm", "", ("arm", "v7")),
        ("arm", "5", ("arm", "v5")),
        ("s390x", "odd", ("s390x", "odd")),
    ],
)
def test_every_name_has_one_form(
    name: str, variant: str, expected: tuple[str, str]
) -> None:
    """Whatever people call it."""
    assert normalized(name, variant) == expected


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (("amd64", "v3"), "amd64/v3 amd64/v2 amd64/ 386/"),
        (("amd64", ""), "amd64/ 386/"),
        (("arm", "v7"), "arm/v7 arm/v6 arm/v5"),
        (("arm", "odd"), "arm/odd"),
        (("arm64", "v8.1"), "arm64/v8.1 arm64/ arm/v8 arm/v7 arm/v6 arm/v5"),
        (("arm64", "odd"), ""),
        (("riscv64", ""), "riscv64/"),
    ],
)
def test_a_machine_prefers_its_own_then_the_next_best(
    machine: tuple[str, str], expected: str
) -> None:
    """An arm64 that nobody knows runs nothing that one could be sure of."""
    assert " ".join(map("/".join, preferred(*machine))) == expected


def test_armv9_has_what_armv8_had_four_minors_on() -> None:
    """Armv9.x builds on Armv8.(x+5), and there was no 8.10."""
    nine = [variant for name, variant in preferred("arm64", "v9.1") if name == "arm64"]
    top = [variant for name, variant in preferred("arm64", "v9.7") if name == "arm64"]

    assert nine[:3] == ["v9.1", "v9", "v8.6"]
    assert top[8:10] == ["v8.9", "v8.8"]
