"""Where lower layers show, and where something covers them.

Law: along one way every directory is asked once, however deep the way goes.
"""

from __future__ import annotations

from collections.abc import Callable

from ocilayers.tree._paths import parent

__all__ = ["Sight"]


class Sight:
    """What of the lower layers shows, for as long as nothing changes.

    Args:
        covers: Whether a path hides what the lower layers have below it.
    """

    def __init__(self, covers: Callable[[str], bool]) -> None:
        self._covers = covers
        self._inside: dict[str, bool] = {}

    def inside(self, directory: str) -> bool:
        """Whether what the lower layers have in *directory* shows."""
        asked: list[str] = []
        shows: bool | None = None
        while shows is None:
            shows = self._inside.get(directory)
            if shows is None:
                asked.append(directory)
                if not directory:
                    shows = True
                directory = parent(directory)
        for asking in reversed(asked):
            shows = shows and not self._covers(asking)
            self._inside[asking] = shows
        return shows
