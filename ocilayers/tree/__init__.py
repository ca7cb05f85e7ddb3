"""File systems in memory: whiteouts, merge, diff, algebra."""

from ocilayers.tree.changeset import Changeset
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.tree.node import Node

__all__ = ["Changeset", "Filesystem", "Node", "merge"]
