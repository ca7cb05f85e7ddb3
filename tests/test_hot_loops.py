"""What one more of something costs, in calls and in instructions of the interpreter.

Both are counted, so a busy machine changes nothing; a loop that gets slower gets
longer first. The figures are ceilings: what was counted, and a little.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
import tarfile
from collections.abc import Callable

import pytest
from growth import counted, instructions

from ocilayers.codec.layer import LayerDecoder
from ocilayers.codec.protocols import STEP_BYTES
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merge import merge
from ocilayers.wire.parse import parse_manifest

Work = Callable[[int], Callable[[], object]]
#: Enough that what is done once is not seen.
FEW = 200


def path(n: int) -> str:
    """Twenty neighbours in each directory, as packages have them."""
    return f"usr/share/package-{n // 20}/file-{n}"


def tar_of(n: int, *, pax: bool) -> bytes:
    """As GNU tar writes it, with exact times or without."""
    out = io.BytesIO()
    form = tarfile.PAX_FORMAT if pax else tarfile.GNU_FORMAT
    with tarfile.open(fileobj=out, mode="w", format=form) as tar:
        for number in range(n):
            info = tarfile.TarInfo(path(number))
            info.size = 1000
            info.mtime = 10**9 + number // 20
            if pax:
                info.pax_headers = {"mtime": f"{info.mtime}.5"}
            tar.addfile(info, io.BytesIO(bytes(1000)))
    return out.getvalue()


def listing(n: int) -> Callable[[], object]:
    """A tar, without its contents."""
    tar = tar_of(n, pax=False)
    return lambda: TarDecoder(content=False).feed(tar)


def reading(n: int) -> Callable[[], object]:
    """A tar, with its contents."""
    tar = tar_of(n, pax=False)
    return lambda: TarDecoder().feed(tar)


def listing_with_times(n: int) -> Callable[[], object]:
    """A tar with a PAX header before each entry."""
    tar = tar_of(n, pax=True)
    return lambda: TarDecoder(content=False).feed(tar)


def laying_out(n: int) -> Callable[[], object]:
    """Entries, read as one layer."""
    entries = [Entry(path(number), "file") for number in range(n)]
    return lambda: Changeset(entries)


def merging(n: int) -> Callable[[], object]:
    """A layer on another one, both read before."""
    entries = [Entry(path(number), "file") for number in range(n)]
    layers = [Changeset(entries), Changeset(entries)]
    return lambda: merge(layers)


def parsing(n: int) -> Callable[[], object]:
    """A manifest of so many layers, as they were seen before."""
    layers = [
        {
            "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
            "digest": f"sha256:{n:032x}{number:032x}",
            "size": number,
        }
        for number in range(n)
    ]
    config = layers[0] | {"mediaType": "application/vnd.oci.image.config.v1+json"}
    data = json.dumps({"schemaVersion": 2, "config": config, "layers": layers})
    return lambda: parse_manifest(data.encode()).model


def decoding(n: int) -> Callable[[], object]:
    """A gzip layer of so many steps."""
    blob = gzip.compress(random.Random(n).randbytes(n * STEP_BYTES), 1)
    return lambda: [None for _ in LayerDecoder().feed(blob)]


@pytest.mark.parametrize(
    ("work", "few", "calls", "steps"),
    [
        pytest.param(listing, FEW, 9, 240, id="an entry, listed"),
        pytest.param(reading, FEW, 10, 255, id="an entry, read"),
        pytest.param(listing_with_times, FEW, 19, 440, id="an entry with exact times"),
        pytest.param(laying_out, FEW, 3.2, 55, id="an entry of a layer"),
        pytest.param(merging, FEW, 1, 14, id="a path, merged"),
        pytest.param(parsing, 20, 4.2, 52, id="a layer of a manifest"),
        pytest.param(decoding, 8, 60, 700, id="a step of gzip"),
    ],
)
def test_one_more_costs_no_more_than_it_did(
    work: Work, few: int, calls: float, steps: float
) -> None:
    """Where one means to make it dearer, the ceiling is what to change."""
    one, two = work(few), work(2 * few)
    for warm in (one, two):
        warm()

    assert (counted(two) - counted(one)) / few <= calls
    # Newer versions tell a tracer of some instructions only.
    if sys.version_info < (3, 12):
        assert (instructions(two) - instructions(one)) / few <= steps
