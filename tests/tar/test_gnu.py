"""Type flags, and GNU's long names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tar_blocks import END, decode, member

from ocilayers.errors import OCILayersError
from ocilayers.tar._gnu import KINDS, UNUSUAL, long_name
from ocilayers.tar._member import EXTENSIONS
from ocilayers.tar.decoder import TarDecoder


@pytest.mark.parametrize(
    ("payload", "expected"),
    [(b"a\0", b"a"), (b"a", b"a"), (b"a\0b\0", b"a"), (b"", b"")],
)
def test_a_long_name_ends_at_a_nul(payload: bytes, expected: bytes) -> None:
    """GNU tar writes one, others do not."""
    assert expected == long_name(payload)


@pytest.mark.hostile("a type that readers take for another")
@pytest.mark.parametrize("flag", range(256))
def test_every_flag_is_decided(flag: int) -> None:
    """No byte leads to anything but an entry, a finding or an error of ours."""
    decoder = TarDecoder()
    try:
        entries = decoder.feed(member(b"a", flag=bytes((flag,))) + END)
        decoder.finish()
    except OCILayersError:
        return

    assert len(entries) + len(decoder.findings) > 0


def test_what_engines_refuse_is_said_in_words() -> None:
    """And is not what they take."""
    assert all(UNUSUAL.values())
    assert not set(b"0123456\0") & {flag[0] for flag in UNUSUAL}


@pytest.mark.parametrize("flag", sorted(KINDS))
def test_each_known_flag_makes_its_kind(flag: bytes) -> None:
    """Of a member that has nothing else."""
    entry, *_ = decode(member(b"a", flag=flag, link=b"b") + END)

    assert not isinstance(entry, bytes)
    assert entry.kind is KINDS[flag]


def test_the_documentation_has_every_flag() -> None:
    """Its table says what becomes of each."""
    page = Path(__file__).resolve().parents[2] / "docs/reference/tar/decoder.md"
    rows = [line for line in page.read_text("utf-8").splitlines() if line[:3] == "| `"]
    told = {
        flag.encode() for row in rows for flag in re.findall("`(.)`", row.split("|")[1])
    }

    assert told | {b"\0"} == {*KINDS, *UNUSUAL, *EXTENSIONS}
