"""Calls beside the caller: in order, bounded, never stuck, and their errors seen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from codec_streams import Busy

from ocilayers.codec.serial import Ordered, Serial


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Two real workers, who must have nothing left to do."""
    with ThreadPoolExecutor(2) as executor:
        yield executor


class Gate:
    """A call that waits until it may go on."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()

    def __call__(self) -> None:
        self.entered.set()
        assert self.open.wait(10)


def _repeat(call: Callable[[], None]) -> None:
    for _ in range(1000):
        call()


def _fail(text: str) -> None:
    raise ZeroDivisionError(text)


def test_without_an_executor_calls_run_at_once() -> None:
    """There is nothing to wait for."""
    done: list[int] = []
    serial = Serial()
    serial.call(done.append, 1)

    assert done == [1]
    serial.drain()
    serial.abandon()


@pytest.mark.parametrize("calls", [1, 4, 5, 9, 200])
def test_calls_run_in_order(pool: Executor, calls: int) -> None:
    """However many there are."""
    done: list[int] = []
    serial = Serial(pool)
    for number in range(calls):
        serial.call(done.append, number)
    serial.drain()

    assert done == list(range(calls))


def test_a_few_calls_take_no_worker() -> None:
    """Calling one costs more than it helps."""
    busy = Busy()
    done: list[int] = []
    serial = Serial(busy, depth=32)
    for number in range(4):
        serial.call(done.append, number)

    assert busy.futures == []
    serial.drain()
    assert done == [0, 1, 2, 3]


def test_calls_that_nobody_takes_run_in_the_calling_thread() -> None:
    """A full executor must not stop the caller, who may be one of its workers."""
    busy = Busy()
    done: list[threading.Thread] = []
    serial = Serial(busy, depth=4)
    for _ in range(100):
        serial.call(lambda: done.append(threading.current_thread()))
    serial.drain()

    assert done == [threading.current_thread()] * 100
    assert all(future.cancelled() for future in busy.futures)


def test_a_worker_that_was_cancelled_by_its_owner_is_replaced() -> None:
    """`shutdown(cancel_futures=True)` does that."""
    busy = Busy()
    done: list[int] = []
    serial = Serial(busy, depth=4)
    for number in range(3):
        serial.call(done.append, number)
    busy.futures[0].cancel()
    serial.call(done.append, 3)
    serial.drain()

    assert done == [0, 1, 2, 3]


def test_at_most_depth_calls_wait(pool: Executor) -> None:
    """The caller is held back, and goes on when the worker does."""
    gate = Gate()
    serial = Serial(pool, depth=4)
    serial.call(gate)
    for _ in range(3):
        serial.call(int)
    assert gate.entered.wait(10)
    opener = threading.Timer(0.05, gate.open.set)
    opener.start()
    serial.call(int)

    # The fifth one fits only when the first is done.
    assert gate.open.is_set()
    opener.join()
    serial.drain()


def test_calls_of_one_serial_never_overlap(pool: Executor) -> None:
    """Also with more than one worker."""
    inside = threading.Lock()
    overlaps: list[int] = []

    def call(number: int) -> None:
        if not inside.acquire(blocking=False):
            overlaps.append(number)
            return
        sum(range(500))
        inside.release()

    serial = Serial(pool, depth=2)
    for number in range(500):
        serial.call(call, number)
    serial.drain()

    assert overlaps == []


def test_two_serials_share_one_worker() -> None:
    """Neither keeps it while it has nothing to do."""
    done: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        first, second = Serial(pool), Serial(pool)
        for number in range(100):
            first.call(done.append, number)
            second.call(done.append, -number)
        first.drain()
        second.drain()

    assert sorted(done) == sorted([*range(100), *range(0, -100, -1)])


def test_a_worker_may_use_the_executor_that_it_works_for() -> None:
    """With one worker, who is the caller, everything runs in it."""
    done: list[int] = []

    def caller(pool: Executor) -> None:
        serial = Serial(pool)
        for number in range(100):
            serial.call(done.append, number)
        serial.drain()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(caller, pool).result(10)

    assert done == list(range(100))


def test_an_error_comes_to_the_caller_as_it_was(pool: Executor) -> None:
    """By a later call at the latest by `drain`; the calls after it are dropped."""
    done: list[int] = []
    serial = Serial(pool)
    for number in range(3):
        serial.call(done.append, number)
    serial.call(_fail, "first")
    with pytest.raises(ZeroDivisionError, match="first"):
        _repeat(lambda: serial.call(done.append, 4))

    assert done == [0, 1, 2]
    serial.drain()


def test_an_error_in_the_calling_thread_drops_the_later_calls() -> None:
    """As one in a worker does."""
    done: list[int] = []
    serial = Serial(Busy())
    serial.call(_fail, "first")
    serial.call(done.append, 1)
    with pytest.raises(ZeroDivisionError, match="first"):
        serial.drain()
    serial.drain()

    assert done == []


def test_what_was_abandoned_does_not_begin(pool: Executor) -> None:
    """What has begun ends; nobody waits for it."""
    gate = Gate()
    done: list[int] = []
    serial = Serial(pool)
    serial.call(gate)
    for number in range(7):
        serial.call(done.append, number)
    assert gate.entered.wait(10)
    serial.abandon()
    gate.open.set()
    pool.shutdown()

    assert done == []


def test_an_executor_that_cannot_run_the_calls_says_so() -> None:
    """Other processes do not see the memory that the calls change."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        serial = Serial(pool)
        lock = threading.Lock()
        with pytest.raises(TypeError, match="pickle"):
            _repeat(lambda: serial.call(lock.locked))


def test_without_an_executor_results_come_at_once() -> None:
    """In the calling thread."""
    ordered = Ordered[int]()

    assert list(ordered.call(abs, -1)) == [1]
    assert list(ordered.drain()) == []


@pytest.mark.parametrize("executor", [None, "pool", "busy"])
def test_results_come_in_order(pool: Executor, executor: str | None) -> None:
    """Whoever made them, and whenever they were ready."""
    chosen = {"pool": pool, "busy": Busy(), None: None}[executor]
    ordered = Ordered[int](chosen, depth=3)
    results = [
        result for number in range(50) for result in ordered.call(pow, number, 2)
    ]
    results += ordered.drain()

    assert results == [number**2 for number in range(50)]


def test_at_most_depth_results_are_kept() -> None:
    """The first one is made by the caller when nobody else does."""
    ordered = Ordered[int](Busy(), depth=2)

    given = [len(list(ordered.call(abs, -number))) for number in range(5)]

    assert given == [0, 0, 1, 1, 1]


def test_results_that_are_there_are_given() -> None:
    """Whoever waits for them would keep their memory."""
    busy = Busy()
    ordered = Ordered[int](busy, depth=9)
    first, second = (list(ordered.call(abs, -number)) for number in (1, 2))
    for future, result in zip(busy.futures, (10, 20), strict=True):
        future.set_result(result)

    assert ([], []) == (first, second)
    assert [10, 20] == list(ordered.call(abs, -3))


def test_abandoned_calls_are_cancelled() -> None:
    """Nobody wants their results."""
    busy = Busy()
    ordered = Ordered[int](busy)
    for number in range(5):
        list(ordered.call(abs, number))
    ordered.abandon()

    assert [future.cancelled() for future in busy.futures] == [True] * 5
    assert list(ordered.drain()) == []


def test_an_error_comes_in_the_place_of_its_result() -> None:
    """Results before it come first."""
    ordered = Ordered[int](Busy(), depth=100)
    given = [
        result for text in ["1", "2", "x", "4"] for result in ordered.call(int, text)
    ]
    results = ordered.drain()

    assert [*given, next(results), next(results)] == [1, 2]
    with pytest.raises(ValueError, match="invalid literal"):
        next(results)
