"""Waste by cause, and what becomes of each layer."""

from __future__ import annotations

import re

from ocilayers.image.sample import sample_image
from ocilayers.notebook.waste import wasted
from ocilayers.tar.entry import Entry

REPORT = sample_image().waste()


def test_each_cause_and_each_layer_has_a_bar() -> None:
    """As long as what it stands for is large."""
    svg = wasted(REPORT).svg

    for told in (*REPORT.by_cause, "layer 0", "layer 3"):
        assert f">{told}</text>" in svg
    assert f"<title>{REPORT.wasted} bytes</title>" in svg
    assert f"<title>deleted: {REPORT.wasted} bytes</title>" in svg


def test_the_parts_of_a_layer_are_as_long_as_the_whole() -> None:
    """The largest layer has all the room."""
    parts = re.findall(
        "width='([^']*)'[^>]*><title>(?:seen|deleted): ", wasted(REPORT).svg
    )

    assert 400 == round(sum(map(float, parts[:2])))


def test_items_are_listed_with_the_step_to_blame() -> None:
    """And the sum of each cause."""
    html = REPORT._repr_html_()

    assert "deleted 2.1 KiB" in html
    assert ">usr/share/doc/README</td>" in html.replace(">/usr", ">usr")


def test_no_waste_is_one_sentence() -> None:
    """And there is no table."""
    html = sample_image().flatten().waste()._repr_html_()

    assert "0 B of 66 B are waste" in html
    assert "<td" not in html


def test_of_many_items_the_largest_are_listed() -> None:
    """The rest is counted."""
    files = [Entry(f"f{n}", "file", content=b"x%d" % n) for n in range(60)]
    gone = [Entry(f"f{n}", "whiteout") for n in range(60)]
    report = sample_image().append(files, created_by="a").append(gone).waste()

    assert "and 11 more" in report._repr_html_()
