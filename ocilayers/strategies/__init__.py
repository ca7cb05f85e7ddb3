"""Strategies for Hypothesis: images and all that they are made of, to test with.

Everything that is drawn is what the library accepts. `hostile=True` adds what is
legal and nasty: names with line breaks, of bytes that are no text, like marks.
Needs the extra `hypothesis`.
"""

try:
    import hypothesis as _hypothesis
except ImportError as error:
    raise ImportError(
        "ocilayers.strategies needs Hypothesis: pip install 'ocilayers[hypothesis]'"
    ) from error

from ocilayers.strategies.blobs import (
    Corrupted,
    compressed,
    corrupted,
    tar_bytes,
)
from ocilayers.strategies.documents import (
    configs,
    descriptors,
    digests,
    documents,
    histories,
    indexes,
    manifests,
    media_types,
    platforms,
)
from ocilayers.strategies.images import images
from ocilayers.strategies.json import json_spellings
from ocilayers.strategies.layers import entries, layer_stacks, layers

__all__ = [
    "Corrupted",
    "compressed",
    "configs",
    "corrupted",
    "descriptors",
    "digests",
    "documents",
    "entries",
    "histories",
    "images",
    "indexes",
    "json_spellings",
    "layer_stacks",
    "layers",
    "manifests",
    "media_types",
    "platforms",
    "tar_bytes",
]

del _hypothesis
