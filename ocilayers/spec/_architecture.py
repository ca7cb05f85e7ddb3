"""CPU architectures: their many names, and which one runs programs of which.

Source: containerd/platforms, `database.go` and `compare.go`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

__all__ = ["KNOWN_ARCHITECTURES", "KNOWN_SYSTEMS", "normalized", "preferred"]

KNOWN_SYSTEMS: Final = frozenset(
    (
        "aix",
        "android",
        "darwin",
        "dragonfly",
        "freebsd",
        "hurd",
        "illumos",
        "ios",
        "js",
        "linux",
        "nacl",
        "netbsd",
        "openbsd",
        "plan9",
        "solaris",
        "wasip1",
        "windows",
        "zos",
    )
)
"""Operating systems, as Go names them."""

KNOWN_ARCHITECTURES: Final = frozenset(
    (
        "386",
        "amd64",
        "amd64p32",
        "arm",
        "arm64",
        "arm64be",
        "armbe",
        "loong64",
        "mips",
        "mips64",
        "mips64le",
        "mips64p32",
        "mips64p32le",
        "mipsle",
        "ppc",
        "ppc64",
        "ppc64le",
        "riscv",
        "riscv64",
        "s390",
        "s390x",
        "sparc",
        "sparc64",
        "wasm",
    )
)
"""CPU architectures, as Go names them."""

_ALIASES: Final[Mapping[str, str]] = {
    "aarch64": "arm64",
    "i386": "386",
    "x86-64": "amd64",
    "x86_64": "amd64",
}
_VARIANTS: Final[Mapping[tuple[str, str], str]] = {
    ("amd64", "v1"): "",
    ("arm64", "8"): "",
    ("arm64", "v8"): "",
    ("arm64", "v8.0"): "",
    ("arm64", "9"): "v9",
    ("arm64", "9.0"): "v9",
    ("arm64", "v9.0"): "v9",
    ("arm", ""): "v7",
    ("arm", "7"): "v7",
    ("arm", "5"): "v5",
    ("arm", "6"): "v6",
    ("arm", "8"): "v8",
}
_ARM64: Final = re.compile(r"v([89])(?:\.([1-9]))?")
_NUMBERED: Final = re.compile(r"v([0-9]{1,3})")
_HIGHEST_ARM64_V8: Final = 9


def normalized(architecture: str, variant: str) -> tuple[str, str]:
    """The one name of an architecture and its variant."""
    architecture, variant = architecture.lower(), variant.lower()
    if architecture == "armhf":
        return "arm", "v7"
    if architecture == "armel":
        return "arm", "v6"
    if architecture == "i386":
        return "386", ""
    architecture = _ALIASES.get(architecture, architecture)
    return architecture, _VARIANTS.get((architecture, variant), variant)


def preferred(architecture: str, variant: str) -> Iterator[tuple[str, str]]:
    """What a normalized machine runs, its own first, then the next best."""
    number = _NUMBERED.fullmatch(variant)
    if architecture == "arm64":
        yield from _preferred_by_arm64(variant or "v8")
        return
    yield architecture, variant
    if architecture == "amd64":
        for lower in range(int(number[1]) - 1 if number else 0, 0, -1):
            yield normalized("amd64", f"v{lower}")
        yield "386", ""
    elif architecture == "arm" and number:
        for lower in range(int(number[1]) - 1, 4, -1):
            yield "arm", f"v{lower}"


def _preferred_by_arm64(variant: str) -> Iterator[tuple[str, str]]:
    match = _ARM64.fullmatch(variant)
    if match is None:
        return
    major, minor = int(match[1]), int(match[2] or 0)
    yield from _arm64(major, minor)
    if major > 8:  # noqa: PLR2004 - the only other one
        # Armv9.x has all of Armv8.(x+5).
        yield from _arm64(8, min(minor + 5, _HIGHEST_ARM64_V8))
    for lower in range(8, 4, -1):
        yield "arm", f"v{lower}"


def _arm64(major: int, minor: int) -> Iterator[tuple[str, str]]:
    for lower in range(minor, 0, -1):
        yield "arm64", f"v{major}.{lower}"
    yield normalized("arm64", f"v{major}")
