"""What people see in a notebook: tables of values, and pictures of images.

Values show themselves; `Image.figures` draws. The functions here draw what is there
already, such as a file system that was merged before.
"""

from __future__ import annotations

from ocilayers.notebook.changes import differences
from ocilayers.notebook.figure import Figure
from ocilayers.notebook.figures import Figures
from ocilayers.notebook.history import timeline
from ocilayers.notebook.layers import layer_stack
from ocilayers.notebook.treemap import treemap
from ocilayers.notebook.waste import wasted

__all__ = [
    "Figure",
    "Figures",
    "differences",
    "layer_stack",
    "timeline",
    "treemap",
    "wasted",
]
