"""What the shared facts say about digests, chains, platforms and references."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from cases import cases, rows

from conftest import shared_root
from ocilayers.errors import InvalidDigestError, InvalidFieldError
from ocilayers.spec.annotations import is_ref_name
from ocilayers.spec.chain_id import chain_id, chain_ids
from ocilayers.spec.digest import Digest
from ocilayers.spec.platform import Platform
from ocilayers.spec.reference import is_repository, is_tag

pytestmark = pytest.mark.skipif(shared_root() is None, reason="no shared corpus here")


@pytest.mark.parametrize("case", rows(cases("digests", "parse")))
def test_a_digest_passes_or_is_refused(case: dict[str, Any]) -> None:
    """What nobody can compute passes, and cannot be told."""
    if case["status"].startswith("invalid"):
        with pytest.raises(InvalidDigestError):
            Digest(case["text"])
        return
    digest = Digest(case["text"])

    assert (digest.algorithm, digest.encoded) == (case["algorithm"], case["encoded"])
    # go-digest's sha384 can be computed here, though image-spec does not register it;
    # blake3 cannot, though it does.
    assert digest.verifiable == (digest.algorithm in {"sha256", "sha384", "sha512"})


@pytest.mark.parametrize("case", rows(cases("digests", "compute"), "what"))
def test_a_digest_is_computed(case: dict[str, Any]) -> None:
    """Of known bytes."""
    data = bytes(case["zeros"]) if case["zeros"] else b64decode(case["base64"])

    assert len(data) == case["size"]
    assert Digest.of(data) == case["sha256"]
    assert Digest.of(data, "sha512") == case["sha512"]


@pytest.mark.parametrize("case", rows(cases("chainids")))
def test_a_chain_is_called_what_it_is(case: dict[str, Any]) -> None:
    """Texts that are no digests pass, as they do in the reference code."""
    assert list(chain_ids(case["diff_ids"])) == case["chain_ids"]
    assert chain_id(case["diff_ids"]) == case["chain_id"]


@pytest.mark.parametrize("case", rows(cases("platforms", "parse"), "input"))
def test_a_platform_is_parsed_and_formatted(case: dict[str, Any]) -> None:
    """And matches what it should."""
    platform = Platform.parse(case["input"])

    assert platform == Platform(**case["expected"])
    assert str(platform) == case["formatted"]
    assert all(platform.matches(Platform(**other)) for other in case["matches"])


@pytest.mark.parametrize("case", rows(cases("platforms", "parse_invalid"), "why"))
def test_what_is_no_platform_is_refused(case: dict[str, Any]) -> None:
    """With our own error."""
    with pytest.raises(InvalidFieldError):
        Platform.parse(case["input"])


@pytest.mark.parametrize("case", rows(cases("platforms", "format_all"), "formatted"))
def test_a_platform_is_formatted_with_all_it_says(case: dict[str, Any]) -> None:
    """And parsed back."""
    platform = Platform(**case["platform"])

    assert str(platform) == case["formatted"]
    if case.get("round_trip", True):
        assert Platform.parse(case["formatted"]) == platform


@pytest.mark.parametrize("case", rows(cases("platforms", "normalize"), "platform"))
def test_a_platform_has_one_name(case: dict[str, Any]) -> None:
    """Whatever it is called."""
    assert Platform(**case["platform"]).normalized() == Platform(**case["expected"])


@pytest.mark.parametrize("kind", ["match_only", "match_only_strict"])
def test_a_platform_matches_what_it_runs(kind: str) -> None:
    """And nothing else."""
    strict = kind.endswith("strict")
    for case in cases("platforms", kind):
        wanted = Platform.parse(case["platform"])
        for expected, texts in ((True, case["match"]), (False, case["no_match"])):
            wrong = [
                text
                for text in texts
                if wanted.matches(Platform.parse(text), strict=strict) is not expected
            ]
            assert wrong == [], case["platform"]


@pytest.mark.parametrize("case", rows(cases("platforms", "windows_compat"), "host"))
def test_windows_runs_what_it_runs(case: dict[str, Any]) -> None:
    """By its build."""
    host = Platform(os="windows", architecture="amd64", os_version=case["host"])

    assert host.matches(evolve(host, os_version=case["image"])) is case["runs"]


@pytest.mark.parametrize("case", rows(cases("platforms", "prefer"), "want"))
def test_the_best_comes_first(case: dict[str, Any]) -> None:
    """What does not match at all stays in its order."""
    wanted = Platform.parse(case["want"])

    def key(text: str) -> tuple[bool, tuple[int, ...]]:
        rank = wanted.rank(Platform.parse(text))
        return rank is None, rank or ()

    assert sorted(case["offered"], key=key) == case["order"]


@pytest.mark.parametrize(
    ("kind", "is_valid"),
    [("tag", is_tag), ("repository", is_repository), ("ref_name", is_ref_name)],
)
def test_names_follow_their_grammars(
    kind: str, is_valid: Callable[[str], bool]
) -> None:
    """All of each kind."""
    wrong = [
        c for c in cases("references", kind) if is_valid(c["text"]) is not c["valid"]
    ]

    assert wrong == []


def test_the_referrers_of_a_digest_have_a_tag() -> None:
    """Cut, and with hyphens for what no tag may hold."""
    for case in cases("references", "referrers_tag"):
        assert Digest(case["digest"]).referrers_tag == case["tag"]
