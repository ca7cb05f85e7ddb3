"""Calls that run one after another, in order, beside the thread that makes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from functools import partial
from queue import SimpleQueue
from typing import Final, Generic, ParamSpec, TypeAlias, TypeVar

__all__ = ["Ordered", "Serial"]

P = ParamSpec("P")
T = TypeVar("T")

_Jobs: TypeAlias = deque[Callable[[], object]]
#: What happened beside: the worker itself when it left, None for a call that is done.
_News: TypeAlias = SimpleQueue["Future[None] | None"]


class Serial:
    """Runs calls in order in an executor of the caller's, never two at once.

    It takes at most one worker, and only while there is something to do. When the
    executor has no free worker, the calls run in the calling thread instead, so that
    it cannot come to a deadlock. Without an executor they run at once.

    Args:
        executor: Whose worker runs the calls, or None.
        depth: Most calls that wait; one more waits for them first.
    """

    def __init__(self, executor: Executor | None = None, *, depth: int = 32) -> None:
        self._executor = executor
        self._depth: Final = depth
        self._jobs: _Jobs = deque()
        self._news: _News = SimpleQueue()
        self._worker: Future[None] | None = None
        self._unfinished = 0

    def call(
        self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Run *function* after all earlier calls.

        Raises:
            BaseException: What an earlier call raised, as it was; the calls between
                are dropped.
        """
        if self._executor is None:
            function(*args, **kwargs)
            return
        self._jobs.append(partial(function, *args, **kwargs))
        self._unfinished += 1
        # A worker that is called for every single call costs more than it helps.
        if self._unfinished <= self._depth // 8:
            return
        while not self._news.empty():
            self._hear()
        if self._worker is None:
            self._start(self._executor)
        while self._unfinished > self._depth:
            self._advance()

    def drain(self) -> None:
        """Wait until every call is done.

        Raises:
            BaseException: What one of them raised, as it was.
        """
        while self._unfinished:
            self._advance()

    def abandon(self) -> None:
        """Drop all calls that have not begun."""
        self._jobs.clear()
        self._unfinished = 0
        if self._worker is not None:
            self._worker.cancel()

    def _start(self, executor: Executor) -> None:
        self._worker = executor.submit(_work, self._jobs, self._news)
        # Called also when the worker is cancelled, or cannot be started at all.
        self._worker.add_done_callback(self._news.put)

    def _advance(self) -> None:
        if self._worker is not None and not self._worker.cancel():
            self._hear()
            return
        # Nobody was free, or the worker left before the last calls came.
        self._worker = None
        try:
            while self._jobs:
                self._unfinished -= 1
                self._jobs.popleft()()
        except BaseException:
            self.abandon()
            raise

    def _hear(self) -> None:
        news = self._news.get()
        if news is None:
            self._unfinished -= 1
        elif news is self._worker:
            self._worker = None
            error = None if news.cancelled() else news.exception()
            if error is not None:
                self.abandon()
                try:
                    raise error
                finally:
                    # An error that its own frames know would outlive its handling.
                    del error, news


def _work(jobs: _Jobs, news: _News) -> None:
    while jobs:
        jobs.popleft()()
        news.put(None)


class Ordered(Generic[T]):
    """Runs calls at the same time and gives their results in order.

    Args:
        executor: Whose workers run the calls; without one, the calling thread does.
        depth: Most results that are kept.
    """

    def __init__(self, executor: Executor | None = None, *, depth: int = 16) -> None:
        self._executor = executor
        self._depth: Final = depth
        self._pending: deque[tuple[Future[T], Callable[[], T]]] = deque()

    def call(
        self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[T]:
        """Run *function*; give the results that are due.

        Raises:
            BaseException: What a call raised whose result is due, as it was.
        """
        if self._executor is None:
            yield function(*args, **kwargs)
            return
        job = partial(function, *args, **kwargs)
        self._pending.append((self._executor.submit(job), job))
        while len(self._pending) > self._depth or self._first_is_done():
            yield self._result()

    def drain(self) -> Iterator[T]:
        """Give all results that are left.

        Raises:
            BaseException: What a call raised, as it was.
        """
        while self._pending:
            yield self._result()

    def abandon(self) -> None:
        """Drop all calls that have not begun."""
        while self._pending:
            self._pending.popleft()[0].cancel()

    def _first_is_done(self) -> bool:
        return bool(self._pending) and self._pending[0][0].done()

    def _result(self) -> T:
        future, job = self._pending.popleft()
        # A call that nobody has begun is quicker done than waited for.
        return job() if future.cancel() else future.result()
