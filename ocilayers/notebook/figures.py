"""`Figures`: the pictures of one image."""

from __future__ import annotations

import attrs

from ocilayers.image.image import Image
from ocilayers.notebook.changes import differences
from ocilayers.notebook.figure import Figure
from ocilayers.notebook.history import timeline
from ocilayers.notebook.layers import layer_stack
from ocilayers.notebook.treemap import treemap
from ocilayers.notebook.waste import wasted
from ocilayers.tree.diff import diff

__all__ = ["Figures"]


@attrs.frozen
class Figures:
    """The pictures of one image, as `Image.figures` gives them.

    >>> from ocilayers.image.sample import sample_image
    >>> sample_image().figures.layers()
    <Figure: 4 layers, 690 B stored>

    Attributes:
        image: Whose they are.
    """

    image: Image

    def layers(self) -> Figure:
        """The stack of layers with their commands; nothing is read."""
        return layer_stack(self.image.layers)

    def history(self) -> Figure:
        """The steps of the build, those without a layer included; nothing is read."""
        return timeline(self.image.history)

    def treemap(self) -> Figure:
        """What takes the room, coloured by layer. Every layer is read.

        `ocilayers.notebook.treemap` draws a file system that is there already.

        Raises:
            OCILayersError: A layer does not verify, or they make no file system.
        """
        return treemap(self.image.filesystem(content="none"))

    def waste(self) -> Figure:
        """What is stored for nothing, by cause. Every layer is read.

        Raises:
            OCILayersError: A layer does not verify, or they make no file system.
        """
        return wasted(self.image.waste())

    def diff(self, other: Image) -> Figure:
        """What *other* has that this image has not, and the reverse; both are read.

        Raises:
            OCILayersError: A layer does not verify, or they make no file system.
        """
        return differences(diff(self.image.filesystem(), other.filesystem()))
