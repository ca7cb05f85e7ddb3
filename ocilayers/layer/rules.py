"""What can be noticed of a layer and of what it carries along."""

from __future__ import annotations

from typing import Final

from ocilayers.errors import ImageError
from ocilayers.findings import Rule

__all__ = ["TOC_BROKEN", "TOC_MISMATCH"]

_LAZY: Final = "who pulls lazily sees the table of contents, all others the tar"

TOC_BROKEN: Final = Rule(
    "toc-broken",
    "warning",
    "the table of contents that its annotations promise is not there, or another one",
    ImageError,
    f"stargz-snapshotter, docs/estargz.md, Content Verification in eStargz; {_LAZY}",
    "convert the layer again, or remove the annotations",
)
TOC_MISMATCH: Final = Rule(
    "toc-mismatch",
    "warning",
    "the table of contents and the tar of a layer say different things",
    ImageError,
    f"stargz-snapshotter, docs/estargz.md, TOC: TOCEntry SHOULD be respected; {_LAZY}",
    "convert the layer again",
)
