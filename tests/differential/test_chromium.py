"""Notebooks and pages in a browser: light, dark and sanitised, all of it can be read.

nbconvert makes notebooks into pages, with the rules of JupyterLab for tables, themes
and pictures; Chromium shows them to nobody, and tells what is there.
"""

from __future__ import annotations

import html
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypedDict, cast

import pytest
from faces import DRAWN, HOSTILE, SHOWN, hostile_image
from nbconvert import HTMLExporter

CHROMIUM: Final = shutil.which("chromium")

pytestmark = [
    # Cells are coloured by IPython's lexer where it is installed; nothing else is.
    pytest.mark.filterwarnings("ignore:IPython3 lexer unavailable"),
    pytest.mark.differential,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here"),
]

_SITE: Final = os.environ.get("OCILAYERS_SITE", "")

_EYES: Final = """
const light = colour => {
  const [r, g, b] = colour.match(/[0-9.]+/g).map(n => n / 255)
    .map(n => n <= 0.03928 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = part => {
  const fill = getComputedStyle(part).backgroundColor;
  return fill != 'rgba(0, 0, 0, 0)' || !part.parentElement
    ? fill : ground(part.parentElement);
};
const contrast = part => {
  const both = [light(getComputedStyle(part).color), light(ground(part))].sort();
  return (both[1] + 0.05) / (both[0] + 0.05);
};
const all = rule => [...document.querySelectorAll(rule)];
"""

#: Each looks at a page from inside, and leaves what it saw in the title.
_AT_NOTEBOOK: Final = """
addEventListener('load', () => {
  document.title = JSON.stringify({
    title: document.title,
    text: document.body.innerText,
    scripts: all('.jp-OutputArea script, .jp-OutputArea [onerror]').length,
    wide: all('.jp-OutputArea-output')
      .filter(part => part.scrollWidth > part.clientWidth)
      .map(part => part.innerText.slice(0, 99)),
    pictures: all('.jp-OutputArea img').filter(part => part.naturalWidth).length,
    contrast: Math.min(...all('.jp-OutputArea td, .jp-OutputArea li').map(contrast)),
    cut: all('#inline text').filter(part => part.getBBox().x + part.getBBox().width
      > part.ownerSVGElement.width.baseVal.value).map(part => part.textContent),
  });
});
"""
_AT_SITE: Final = """
addEventListener('load', () => {
  const least = theme => {
    document.body.dataset.theme = theme;
    return Math.min(...all('article :is(p, td, li, dd)').map(contrast));
  };
  document.title = JSON.stringify({
    wide: document.scrollingElement.scrollWidth
      - document.scrollingElement.clientWidth,
    broken: [...document.images].filter(part => !part.naturalWidth).length,
    light: least('light'),
    dark: least('dark'),
  });
});
"""


_TOLD: Final = (
    "RUN touch banana.txt /",
    "Verified: 5 of 5 layers",
    "usr/",
    HOSTILE.partition("\u202e")[0],
)


class _Seen(TypedDict):
    title: str
    text: str
    scripts: int
    wide: list[str]
    pictures: int
    contrast: float
    cut: list[str]


def _page(**options: object) -> str:
    image = hostile_image()
    shown = [{"text/html": show(image)._repr_html_()} for show in SHOWN.values()]
    drawn = [{"image/svg+xml": draw(image)._repr_svg_()} for draw in DRAWN.values()]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {
                "id": "all",
                "cell_type": "code",
                "execution_count": 1,
                "metadata": {},
                "source": "shown",
                "outputs": [
                    {"output_type": "display_data", "metadata": {}, "data": data}
                    for data in (*shown, *drawn)
                ],
            }
        ],
    }
    # nbconvert says nothing of its types.
    exporter = cast("Callable[..., HTMLExporter]", HTMLExporter)(**options)
    page, _ = exporter.from_file(io.StringIO(json.dumps(notebook)))
    return page


def _look(page: str, look: str, folder: Path) -> object:
    file = folder / "page.html"
    script = f"<script>{_EYES}{look}</script></body>"
    file.write_text(page.replace("</body>", script), "utf-8")
    done = subprocess.run(
        [
            CHROMIUM or "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / 'profile'}",
            "--window-size=1100,800",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        check=True,
        timeout=60,
        text=True,
    )
    title = re.search("<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title is not None
    return cast("object", json.loads(html.unescape(title[1])))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_notebook_is_readable_in_every_theme(theme: str, tmp_path: Path) -> None:
    """Nothing ran, nothing is wider than its place, and no text is near its ground."""
    inline = "".join(draw(hostile_image()).svg for draw in DRAWN.values())

    page = _page(theme=theme).replace("</body>", f"<p id=inline>{inline}</p></body>")
    seen = cast("_Seen", _look(page, _AT_NOTEBOOK, tmp_path))

    assert "Notebook" == seen["title"]
    assert 0 == seen["scripts"]
    assert [] == seen["wide"]
    assert [] == seen["cut"]
    assert len(DRAWN) == seen["pictures"]
    assert seen["contrast"] > 4.5
    for told in (*_TOLD, "2.1 KiB"):
        assert told in seen["text"]


def test_a_sanitised_notebook_says_the_same(tmp_path: Path) -> None:
    """Tags that the sanitizer does not know are written out, and no text is lost."""
    page = _page(sanitize_html=True)
    seen = cast("_Seen", _look(page, _AT_NOTEBOOK, tmp_path))

    assert "Notebook" == seen["title"]
    assert 0 == seen["scripts"]
    for told in (*_TOLD, "os-release\u200e 38 B"):
        assert told in seen["text"]


@pytest.mark.skipif(not _SITE, reason="no OCILAYERS_SITE: what sphinx-build wrote")
@pytest.mark.parametrize(
    "name", ["index", "gallery/index", "tutorial/an-image-by-hand"]
)
def test_a_page_is_readable_in_both_themes(name: str, tmp_path: Path) -> None:
    """All pictures are there, and nothing is wider than the window."""
    file = Path(_SITE, f"{name}.html")
    base = f'<head><base href="{file.as_uri()}">'
    page = file.read_text("utf-8").replace("<head>", base)

    seen = cast("dict[str, float]", _look(page, _AT_SITE, tmp_path))

    assert 0 == seen["wide"]
    assert 0 == seen["broken"]
    assert min(seen["light"], seen["dark"]) > 4.5
