"""Platforms: the text form, the one name, and what suits best."""

from __future__ import annotations

import copy

import attrs
import pytest
from documents import pickled

from ocilayers.errors import InvalidFieldError
from ocilayers.spec.platform import LINUX_AMD64, Platform


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("linux/arm64/v8/x", id="four parts"),
        pytest.param("linux/", id="an empty part"),
        pytest.param("nonsense", id="neither of the two"),
        pytest.param("nonsense(1)", id="the version of no system"),
        pytest.param("amd64(1)", id="the version of an architecture"),
        pytest.param("linux/*", id="a wildcard"),
        pytest.param("linux(1", id="no closing parenthesis"),
        pytest.param("linux(1%)/amd64", id="half an escape"),
        pytest.param("linux/amd64\n", id="a line feed at the end"),
    ],
)
def test_what_is_no_platform_is_refused(text: str) -> None:
    """With the form that it should have."""
    with pytest.raises(InvalidFieldError, match="architecture"):
        Platform.parse(text)


def test_parts_that_are_missing_come_from_the_host() -> None:
    """The host is an argument: nothing here asks the machine it runs on."""
    host = Platform(os="freebsd", architecture="arm", variant="v6")

    assert str(Platform.parse("linux", host=host)) == "linux/arm/v6"
    assert str(Platform.parse("amd64", host=host)) == "freebsd/amd64"
    assert Platform.parse("linux") == LINUX_AMD64
    assert str(Platform.parse("windows(1+x)")) == "windows(1+x)/amd64"


def test_an_explicit_variant_is_kept() -> None:
    """One that nobody wrote is not invented."""
    assert Platform.parse("linux/arm64/v8").variant == "v8"
    assert Platform.parse("linux/aarch64").variant == ""
    assert Platform.parse("linux/armhf").variant == ""
    assert Platform.parse("linux/arm/7").variant == "v7"


def test_the_text_of_a_platform_says_all_of_it() -> None:
    """A platform without a system has none."""
    windows = Platform(
        os="windows", architecture="amd64", os_version="1+2%", os_features=["b", "a"]
    )

    assert str(windows) == "windows(1%2B2%25+a+b)/amd64"
    assert Platform.parse(str(windows)).os_version == "1+2%"
    assert str(Platform(architecture="amd64")) == "unknown"


def test_a_normalized_platform_has_one_name_for_each_part() -> None:
    """A system that is not said comes from the host."""
    odd = Platform(os="MacOS", architecture="ARM", os_features=["b", "a", "b", ""])
    host = Platform(os="windows", architecture="amd64")

    assert odd.normalized() == Platform(
        os="darwin", architecture="arm", variant="v7", os_features=["a", "b"]
    )
    assert Platform(architecture="386").normalized(host=host).os == "windows"


@pytest.mark.spec(
    "image-spec image-index.md, os.features",
    "This OPTIONAL property specifies an array of strings, each specifying a "
    "mandatory OS feature.",
)
@pytest.mark.parametrize(
    ("wanted", "offered", "expected"),
    [
        pytest.param("linux/amd64", "linux/386", True, id="an older architecture"),
        pytest.param("linux/386", "linux/amd64", False, id="a newer one"),
        pytest.param("linux/amd64", "windows/amd64", False, id="another system"),
        pytest.param("linux/amd64", "linux(+x)/amd64", False, id="a feature too many"),
        pytest.param("linux(+x)/amd64", "linux/amd64", True, id="a feature unused"),
        pytest.param(
            "windows", "windows(+win32k)", True, id="a feature every Windows has"
        ),
        pytest.param("windows(10.0.1)", "windows(10.0.2)", False, id="another build"),
        pytest.param("linux(1)", "linux(2)", True, id="other versions do not count"),
    ],
)
def test_a_machine_runs_what_matches(
    wanted: str, offered: str, *, expected: bool
) -> None:
    """Architecture, system, features and, on Windows, the build."""
    assert Platform.parse(wanted).matches(Platform.parse(offered)) is expected


def test_a_strict_match_takes_no_other_architecture() -> None:
    """Other names for the same one are fine."""
    arm = Platform.parse("linux/arm/v7")

    assert arm.matches(Platform.parse("armhf"), strict=True)
    assert not arm.matches(Platform.parse("linux/arm/v6"), strict=True)


def test_the_best_is_the_nearest_then_the_richest_then_the_newest() -> None:
    """In this order."""
    wanted = Platform.parse("windows(10.0.20349+x)/amd64")
    texts = [
        "windows(10.0.20349)/386",
        "windows(10.0.20348)/amd64",
        "windows(10.0.20349)/amd64",
        "windows(10.0.20348+x)/amd64",
    ]
    ranked = sorted(texts, key=lambda text: wanted.rank(Platform.parse(text)) or ())

    assert ranked == [texts[3], texts[2], texts[1], texts[0]]


def test_an_attestation_runs_nowhere() -> None:
    """BuildKit calls its platform unknown."""
    assert not Platform(os="unknown", architecture="unknown").is_known
    assert not Platform(os="linux").is_known
    assert LINUX_AMD64.is_known


def test_a_platform_is_a_value() -> None:
    """Frozen, hashable, and equal whatever it left unsaid."""
    platform = Platform(os="linux", os_features=["a"], unknown={"x": [1, {"y": None}]})

    assert pickled(platform) == platform == copy.deepcopy(platform)
    assert hash(platform) == hash(attrs.evolve(platform, unset={"variant": None}))
    assert platform.unknown["x"] == (1, {"y": None})
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        platform.os = "windows"  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("10.0 ö", "w(10.0%20%C3%B6)/amd64"),
        ("a/(b)+%", "w(a%2F%28b%29%2B%25)/amd64"),
        ("\udc80\udcff", "w(%80%FF)/amd64"),
    ],
    ids=["text", "marks of the grammar", "bytes that are no text"],
)
def test_what_the_grammar_has_no_place_for_is_escaped(version: str, text: str) -> None:
    """Byte by byte, and read back."""
    platform = Platform(os="w", architecture="amd64", os_version=version)

    assert text == str(platform)
    assert platform == Platform.parse(text)


def test_a_half_of_a_character_is_written_somehow() -> None:
    """It has no bytes, but a text never fails to be written."""
    platform = Platform(os="w", architecture="amd64", os_version="\ud800")

    assert "w(%ED%A0%80)/amd64" == str(platform)
