"""What a tar may cost: each limit, memory and time."""

from __future__ import annotations

import time
import tracemalloc

import attrs
import pytest
from tar_blocks import END, decode, entries, header, member, pax

from ocilayers.errors import (
    BadExtensionError,
    BadHeaderError,
    LimitExceededError,
    TruncatedArchiveError,
)
from ocilayers.limits import MIB, Limits
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry


@pytest.mark.parametrize("slow", [False, True])
def test_entries_have_a_limit(*, slow: bool) -> None:
    """The last one allowed is given out."""
    tar = b"".join(pax({b"path": b"x"}) * slow + member(b"a", b"x") for _ in range(5))
    assert len(entries(tar, limits=attrs.evolve(Limits(), entries=5))) == 5
    decoder = TarDecoder(limits=attrs.evolve(Limits(), entries=4))
    events = decoder.feed(tar)
    with pytest.raises(LimitExceededError) as caught:
        decoder.finish()

    assert sum(isinstance(event, Entry) for event in events) == 4
    assert caught.value.limit == "entries"


@pytest.mark.hostile("a chain of extension headers")
def test_extension_headers_have_a_limit() -> None:
    """Before one member; a chain of them is no recursion."""
    chain = pax({b"comment": b"c"}, flag=b"g")
    limits = attrs.evolve(Limits(), extension_headers=1000)

    assert len(entries((chain * 8 + member(b"a")) * 3 + END)) == 3
    with pytest.raises(LimitExceededError) as caught:
        decode(chain * 9 + member(b"a"))
    assert caught.value.limit == "extension_headers"
    assert decode(member(b"L", b"x\0", flag=b"L") * 999 + member(b"a"), limits=limits)


def test_no_extension_header_may_be_allowed() -> None:
    """Then not even one with times."""
    limits = attrs.evolve(Limits(), extension_headers=0)

    assert decode(member(b"a") + END, limits=limits)
    with pytest.raises(LimitExceededError):
        decode(pax({b"mtime": b"1"}) + member(b"a") + END, limits=limits)


@pytest.mark.hostile("a chain of extension headers")
@pytest.mark.parametrize("flag", [b"x", b"g", b"L", b"K"])
def test_a_chain_without_a_limit_is_no_recursion(flag: bytes) -> None:
    """Five thousand headers of each kind, as deep as no interpreter goes."""
    one = pax({b"comment": b"c"}, flag=flag) if flag in b"xg" else member(flag=flag)
    limits = attrs.evolve(Limits(), extension_headers=5000)

    assert len(entries(one * 5000 + member(b"a") + END, limits=limits)) == 1


@pytest.mark.hostile("a record of length 0, a negative size")
@pytest.mark.parametrize(
    "tar",
    [
        pytest.param(pax(b"0 path=b\n" * 50), id="a record of length 0"),
        pytest.param(pax(b"0 \n" * 50, flag=b"g"), id="for all members"),
        pytest.param(pax({b"size": b"-512"}), id="a negative PAX size"),
        pytest.param(pax({b"GNU.sparse.map": b"0,-1"}), id="a negative piece"),
        pytest.param(header(size=b"\xff" * 12), id="a negative size"),
        pytest.param(header(size=b"\xff" * 10 + b"\xfe\0"), id="a block backwards"),
        pytest.param(header(flag=b"x", size=b"\xff" * 12), id="of an extension"),
        pytest.param(header(flag=b"5", size=b"\xff" * 12), id="of a directory"),
    ],
)
def test_nothing_makes_a_reader_go_back(tar: bytes) -> None:
    """What is no length forward is refused, where others read the same for ever."""
    with pytest.raises((BadHeaderError, BadExtensionError)):
        decode(tar + member(b"a") * 3 + END)


@pytest.mark.hostile("a header that asks for memory")
@pytest.mark.parametrize("flag", [b"x", b"g", b"L", b"K"])
def test_extension_bytes_have_a_limit(flag: bytes) -> None:
    """Checked against the size that the header says, before anything is kept."""
    decoder = TarDecoder()
    with pytest.raises(LimitExceededError) as caught:
        decoder.feed(header(b"a", flag=flag, size=MIB + 1))

    assert caught.value.limit == "extension_bytes"


@pytest.mark.hostile("a header that asks for memory")
def test_extension_bytes_are_counted_together() -> None:
    """Two halves are a whole."""
    half = member(b"L", b"a" * (MIB // 2 + 1), flag=b"L")

    with pytest.raises(LimitExceededError):
        decode(half + half + member(b"a"))


def test_extension_bytes_start_anew_with_each_member() -> None:
    """They are a limit of one entry."""
    limits = attrs.evolve(Limits(), extension_bytes=20)
    one = pax({b"mtime": b"1"}) + member(b"a")

    assert len(entries(one * 10 + END, limits=limits)) == 10


@pytest.mark.hostile("a header that asks for memory")
def test_a_declared_size_costs_nothing() -> None:
    """Content is given out as it comes, however much is promised."""
    tracemalloc.start()
    decoder = TarDecoder()
    decoder.feed(header(b"a", size=b"\x80" + bytes(3) + b"\x7f" + b"\xff" * 7))
    for _ in range(64):
        decoder.feed(bytes(MIB))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 4 * MIB
    with pytest.raises(TruncatedArchiveError):
        decoder.finish()


@pytest.mark.parametrize(
    "tar",
    [
        pytest.param(pax({b"SCHILY.xattr.a": b"x" * (MIB - 100)}), id="PAX"),
        pytest.param(member(b"L", b"a" * (MIB - 1), flag=b"L"), id="long name"),
    ],
)
def test_an_extension_in_tiny_pieces_takes_linear_time(tar: bytes) -> None:
    """Nothing is copied again for each piece."""
    decoder = TarDecoder(limits=attrs.evolve(Limits(), path_bytes=MIB))
    begin = time.process_time()
    for start in range(0, len(tar), 4):
        decoder.feed(tar[start : start + 4])
    decoder.feed(member(b"a"))
    decoder.finish()

    assert time.process_time() - begin < 10


def test_findings_have_a_limit() -> None:
    """A million bad members keep no million findings."""
    limits = attrs.evolve(Limits(), findings=3)
    decoder = TarDecoder(limits=limits)
    decoder.feed(member(b"a", flag=b"Z") * 100 + END)

    assert len(decoder.findings) == 3


def test_an_entry_costs_little() -> None:
    """At most 300 bytes, its path aside."""
    names = [b"%06d" % number for number in range(20_000)]
    tar = b"".join(
        header(name, mtime=1_600_000_000 + number) for number, name in enumerate(names)
    )
    decoder = TarDecoder()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = decoder.feed(tar)
    decoder.finish()
    decoder = TarDecoder()
    cost = (tracemalloc.get_traced_memory()[0] - before) / len(kept)
    tracemalloc.stop()
    path = len("000000") + 49

    assert cost - path <= 300
