"""File systems in memory: whiteouts, merge, diff, algebra."""

from ocilayers.tree.changeset import Changeset
from ocilayers.tree.diff import Change, Diff, Rename, diff
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.tree.node import Node
from ocilayers.tree.squash import squash

__all__ = [
    "Change",
    "Changeset",
    "Diff",
    "Filesystem",
    "Node",
    "Rename",
    "diff",
    "merge",
    "squash",
]
