"""Platforms: what a container needs from the machine it runs on.

Source: image-spec, image-index.md, "platform"; containerd/platforms, for the text
form, for the many names of one thing and for what runs where.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Self

import attrs

from ocilayers._types import EMPTY_MAP, JSONValue, override
from ocilayers.errors import InvalidFieldError
from ocilayers.spec._architecture import (
    KNOWN_ARCHITECTURES,
    KNOWN_SYSTEMS,
    normalized,
    preferred,
)
from ocilayers.spec._freeze import frozen_members, texts
from ocilayers.spec._repr import short_repr
from ocilayers.spec._windows import build_of, runs

__all__ = ["LINUX_AMD64", "Platform"]

# os[(version[+feature]*)]
_OPTION: Final = r"(?:[A-Za-z0-9_.-]|%[0-9A-Fa-f]{2})"
_SYSTEM: Final = re.compile(
    rf"([A-Za-z0-9_.-]+)(?:\(({_OPTION}*)((?:\+{_OPTION}+)*)\))?"
)
_COMPONENT: Final = re.compile(r"[A-Za-z0-9_.-]+")
_UNPLAIN: Final = re.compile("[^A-Za-z0-9_.-]")
_ESCAPES: Final = re.compile("(?:%[0-9A-Fa-f]{2})+")
_NOBODY: Final = frozenset({"", "unknown"})
# Every Windows can do it, so nobody has to ask for it.
_GIVEN: Final = frozenset({"win32k"})


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class Platform:
    """What a container needs from the machine it runs on. Absent members are empty.

    >>> arm = Platform.parse("linux/arm/v7")
    >>> arm.variant, str(arm)
    ('v7', 'linux/arm/v7')
    >>> (
    ...     arm.matches(Platform.parse("linux/arm/v6")),
    ...     arm.matches(Platform.parse("arm64")),
    ... )
    (True, False)

    Attributes:
        os: Operating system, as Go names it: `linux`, `windows`.
        architecture: CPU architecture, as Go names it: `amd64`, `arm64`.
        variant: Of the architecture: `v7`.
        os_version: Of the operating system; it counts on Windows only.
        os_features: What the operating system must offer: `win32k`.
        features: What the CPU must offer (Docker only, reserved in OCI).
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    os: str = ""
    architecture: str = ""
    variant: str = ""
    os_version: str = ""
    os_features: tuple[str, ...] = attrs.field(default=(), converter=texts)
    features: tuple[str, ...] = attrs.field(default=(), converter=texts)
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr

    @classmethod
    def parse(cls, text: str, *, host: Platform | None = None) -> Self:
        """Read `os[(version[+feature]*)][/architecture[/variant]]`.

        One part alone may be either of the two; the host then has the other.

        Args:
            text: What people write: `linux/arm64`, `armhf`, `windows(10.0.17763)`.
            host: Where parts that are missing come from; `linux/amd64` without one.

        Raises:
            InvalidFieldError: It is no platform.
        """
        first, *rest = text.split("/")
        match = _SYSTEM.fullmatch(first)
        is_right = all(_COMPONENT.fullmatch(part) for part in rest)
        if match is None or not is_right or len(rest) > 2:  # noqa: PLR2004 - three parts
            raise _no_platform(text)
        version, features = _unescaped(match[2] or ""), match[3] or ""
        system = cls(
            os=_system(match[1]),
            os_version=version,
            os_features=[_unescaped(feature) for feature in features.split("+")[1:]],
        )
        if rest:
            architecture, variant = _machine(*rest)
            return attrs.evolve(system, architecture=architecture, variant=variant)
        host = host or LINUX_AMD64
        if system.os in KNOWN_SYSTEMS:
            return attrs.evolve(
                system, architecture=host.architecture, variant=host.variant
            )
        architecture, variant = _machine(first)
        if architecture not in KNOWN_ARCHITECTURES:
            raise _no_platform(text)
        return cls(os=host.os, architecture=architecture, variant=variant)

    @property
    def is_known(self) -> bool:
        """Whether anything runs on it: BuildKit's attestations say `unknown`."""
        return self.os not in _NOBODY and self.architecture not in _NOBODY

    def normalized(self, *, host: Platform | None = None) -> Platform:
        """The same under the one name for each of its parts.

        >>> str(Platform(os="macOS", architecture="aarch64").normalized())
        'darwin/arm64'

        Args:
            host: Where an operating system that is not said comes from.
        """
        architecture, variant = normalized(self.architecture, self.variant)
        return attrs.evolve(
            self,
            os=_system(self.os) or (host or LINUX_AMD64).os,
            architecture=architecture,
            variant=variant,
            os_features=sorted({*self.os_features} - {""}),
        )

    def matches(self, other: Platform, *, strict: bool = False) -> bool:
        """Whether a machine of this platform runs images of the other.

        Args:
            other: What the image says.
            strict: Take no architecture but its own.
        """
        return self.rank(other, strict=strict) is not None

    def rank(self, other: Platform, *, strict: bool = False) -> tuple[int, ...] | None:
        """How well images of the other platform suit, the least being the best.

        None where they do not run at all. First counts the architecture, then how
        many features of the operating system they use, then how new they are.

        Args:
            other: What the image says.
            strict: Take no architecture but its own.
        """
        mine, its = self.normalized(), other.normalized()
        own = (mine.architecture, mine.variant)
        machines = [own] if strict else list(preferred(*own))
        is_windows = mine.os == "windows"
        optional = _GIVEN if is_windows else frozenset[str]()
        if (
            mine.os != its.os
            or (its.architecture, its.variant) not in machines
            or not {*its.os_features} - optional <= {*mine.os_features}
            or (is_windows and not runs(mine.os_version, its.os_version))
        ):
            return None
        build = (build_of(its.os_version) if is_windows else None) or (0, 0, 0)
        place = machines.index((its.architecture, its.variant))
        return (place, -len(its.os_features), *(-number for number in build))

    @override
    def __str__(self) -> str:
        """The text that `parse` reads, every part of it."""
        if not self.os:
            return "unknown"
        options = _escaped(self.os_version)
        for feature in sorted({*self.os_features} - {""}):
            options += f"+{_escaped(feature)}"
        system = f"{self.os}({options})" if options else self.os
        return "/".join(filter(None, (system, self.architecture, self.variant)))


LINUX_AMD64: Final = Platform(os="linux", architecture="amd64")
"""The host where none is given: nothing here asks the machine it runs on."""


def _machine(architecture: str, variant: str | None = None) -> tuple[str, str]:
    name, found = normalized(architecture, variant or "")
    if variant is None and (name, found) == ("arm", "v7"):
        # Nobody said so.
        found = ""
    elif variant is not None and (name, found) == ("arm64", ""):
        found = "v8"
    return name, found


def _system(os: str) -> str:
    os = os.lower()
    return "darwin" if os == "macos" else os


def _escaped(text: str) -> str:
    return _UNPLAIN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    # PEP 383's half surrogates are bytes; any other has no right form.
    is_byte = "\udc80" <= match[0] <= "\udcff"
    encoded = match[0].encode(
        "utf-8", "surrogateescape" if is_byte else "surrogatepass"
    )
    return "".join(f"%{byte:02X}" for byte in encoded)


def _unescaped(text: str) -> str:
    return _ESCAPES.sub(_unescape, text)


def _unescape(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "surrogateescape")


def _no_platform(text: str) -> InvalidFieldError:
    return InvalidFieldError(
        "no platform",
        expected="os[(version)]/architecture[/variant]",
        actual=repr(text),
    )
