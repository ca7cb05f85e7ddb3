"""Which of the places that a decoder passes are kept.

Law: they are about as far apart as was asked for, until there are too many; and
those that can be written down come first.
"""

from __future__ import annotations

from typing import Final

from ocilayers.codec.layer import LayerDecoder
from ocilayers.codec.protocols import Checkpoint

__all__ = ["Checkpoints"]

#: Most that are kept of one layer: 40 MiB of memory, where each has a state.
_MOST: Final = 1024


class Checkpoints:
    """The checkpoints of one layer, while it is decoded.

    The start of the layer is none of them: it needs no word.

    Args:
        spacing: How far apart they are at first, in plain bytes.

    Attributes:
        kept: Those that are kept so far, in order.
    """

    def __init__(self, spacing: int) -> None:
        self.kept: list[Checkpoint] = []
        self._spacing = self._due = spacing

    def take(self, decoder: LayerDecoder, offset: int) -> None:
        """Keep one of *decoder*, which stands at *offset*, if one is due."""
        if offset < self._due:
            return
        last = self.kept[-1].plain_offset if self.kept else 0
        point = decoder.portable_checkpoint()
        if point is None or point.plain_offset - last <= self._spacing // 2:
            point = decoder.checkpoint()
        # A decoder that cannot begin in the middle names an earlier place again.
        if point is not None and point.plain_offset > last:
            self.kept.append(point)
            if len(self.kept) > _MOST:
                del self.kept[::2]
                self._spacing *= 2
            self._due = self.kept[-1].plain_offset + self._spacing
