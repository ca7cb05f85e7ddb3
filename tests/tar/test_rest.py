"""What follows the end of an archive."""

from __future__ import annotations

import pytest
from splits import in_every_split
from tar_blocks import END, header, member

from ocilayers.errors import TarError
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry
from ocilayers.tar.framing import reassemble

FIRST = member(b"a", b"x") + END
TOC = member(b"stargz.index.json", b'{"version":1,"entries":[]}' * 30)
BEHIND, TRAILING = "tar-toc-behind", "tar-trailing-data"


@pytest.mark.parametrize(
    ("rest", "codes"),
    [
        pytest.param(TOC + END, [BEHIND], id="a table of contents"),
        pytest.param(TOC, [BEHIND], id="without an end of its own"),
        pytest.param(bytes(9216) + TOC + END, [BEHIND], id="after more zeros"),
        pytest.param(TOC + END + b"x", [BEHIND, TRAILING], id="and something"),
        pytest.param(TOC + TOC + END, [BEHIND, TRAILING], id="and another one"),
        pytest.param(TOC[:-512], [BEHIND, TRAILING], id="a table that is cut"),
        pytest.param(TOC[:100], [TRAILING], id="a header that is cut"),
        pytest.param(b"\0" + TOC + END, [TRAILING], id="not on a block"),
        pytest.param(
            member(b"other.json", b"{}") + END, [TRAILING], id="another member"
        ),
        pytest.param(
            header(b"stargz.index.json", flag=b"5") + END, [TRAILING], id="a directory"
        ),
        pytest.param(
            header(b"stargz.index.json") + END, [TRAILING], id="a table of nothing"
        ),
    ],
)
def test_one_table_of_contents_may_follow(rest: bytes, codes: list[str]) -> None:
    """In every split, and it is no entry; of anything else it is said, once."""
    for chunks in in_every_split(FIRST + rest, random_cuts=3):
        decoder = TarDecoder(content=False)
        found = [event for chunk in chunks for event in decoder.feed(chunk)]
        decoder.finish()

        assert ["a"] == [e.path for e in found if isinstance(e, Entry)]
        assert codes == [finding.code for finding in decoder.findings]


def test_it_is_said_where_it_begins() -> None:
    """In the tar."""
    decoder = TarDecoder()
    decoder.feed(FIRST + TOC + END + b"x")
    decoder.finish()

    table, rest = decoder.findings
    behind = len(FIRST + TOC + END)
    assert "" == table.where == rest.where
    assert rest.message.endswith(f", from byte {behind}")


def test_strict_readers_take_a_table_and_nothing_else() -> None:
    """A note is no error."""
    decoder = TarDecoder(strict=True)
    decoder.feed(FIRST + TOC)
    decoder.finish()
    for rest in (TOC + TOC, TOC[:-512]):
        decoder = TarDecoder(strict=True)
        decoder.feed(FIRST)
        with pytest.raises(TarError):
            _ = decoder.feed(rest) + decoder.finish()


@pytest.mark.parametrize("rest", [TOC, TOC[:-512], TOC[:100]])
def test_the_framing_holds_what_follows(rest: bytes) -> None:
    """So that the same tar can be put together again."""
    decoder = TarDecoder(framing=True)
    events = [*decoder.feed(FIRST + rest), *decoder.finish()]
    contents = [event for event in events if isinstance(event, bytes)]

    assert FIRST + rest == b"".join(reassemble(decoder.framing, contents))
