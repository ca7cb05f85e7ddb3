"""`open_layer`: a stream in, entries and their content out, verified at the end.

Law: the stream is read to its end, also past the end of the tar, because digest,
size and diff_id cover every byte. Before that nothing is known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor
from types import TracebackType
from typing import Self

import attrs

from ocilayers._source import chunks
from ocilayers._types import Buffer, SupportsRead
from ocilayers.codec._push import ending
from ocilayers.codec.layer import LayerDecoder, LayerFacts
from ocilayers.errors import CodecError, OCILayersError
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry

__all__ = ["LayerReader", "open_layer"]


def open_layer(
    stream: SupportsRead,
    descriptor: Descriptor | None = None,
    *,
    diff_id: str | None = None,
    limits: Limits | None = None,
    strict: bool = False,
    executor: Executor | None = None,
    progress: Callable[[int], object] | None = None,
) -> LayerReader:
    """Read a layer once, entry by entry.

    >>> import gzip, io
    >>> reader = open_layer(io.BytesIO(gzip.compress(bytes(1024))))
    >>> list(reader), reader.facts.uncompressed_size
    ([], 1024)

    Args:
        stream: The stored bytes; asked for `read(n)` alone, never closed.
        descriptor: Promises their digest and size.
        diff_id: The promised digest of the plain tar.
        limits: What the layer may cost.
        strict: Raise the first finding of severity `error`.
        executor: Whose worker hashes and reads the tar while this thread decodes.
        progress: Told how many stored bytes each read gave.
    """
    return LayerReader(
        stream,
        descriptor,
        diff_id=diff_id,
        limits=limits,
        strict=strict,
        executor=executor,
        progress=progress,
    )


class LayerReader:
    """The entries of one layer, in archive order, in one pass. See `open_layer`.

    An error may come while it is used: the entries before it were as they say, but
    a layer that ends with an error is not verified, and has no `facts`. Whoever goes
    on reading it gets the same error again.
    """

    def __init__(
        self,
        stream: SupportsRead,
        descriptor: Descriptor | None = None,
        *,
        diff_id: str | None = None,
        limits: Limits | None = None,
        strict: bool = False,
        executor: Executor | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> None:
        self._tar = TarDecoder(limits=limits, strict=strict)
        self._decoder = LayerDecoder(
            descriptor,
            diff_id=diff_id,
            limits=limits,
            strict=strict,
            executor=executor,
            tap=self._take,
        )
        # Filled by the worker where there is one, emptied here.
        self._ready: deque[Entry | bytes] = deque()
        self._events = self._run(chunks(stream, progress=progress))
        self._next: Entry | None = None
        self._content = bytearray()
        self._content_ended = True
        self._facts: LayerFacts | None = None
        self._over: OCILayersError | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Entry:
        entry, self._next = self._next, None
        while entry is None:
            event = self._event()
            if event is None:
                raise StopIteration
            if isinstance(event, Entry):
                entry = event
        self._content.clear()
        self._content_ended = False
        return entry

    def read(self, size: int = -1, /) -> bytes:
        """The content of the entry just given, from where the last call ended.

        Args:
            size: Most bytes to return; everything that is left where negative.
        """
        content = self._content
        while not self._content_ended and (size < 0 or len(content) < size):
            event = self._event()
            if isinstance(event, bytes):
                content += event
            else:
                self._next = event
                self._content_ended = True
        wanted = len(content) if size < 0 else size
        data = bytes(content[:wanted])
        del content[:wanted]
        return data

    @property
    def facts(self) -> LayerFacts:
        """What is known of the layer once all entries have been given.

        Raises:
            CodecError: The layer was not read to its end, or not without an error.
        """
        if self._facts is None:
            raise CodecError("nothing is known of a layer before its last entry")
        return self._facts

    def close(self) -> None:
        """Stop reading. The stream stays open, and nothing is verified."""
        self._events.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _event(self) -> Entry | bytes | None:
        if self._over is not None:
            raise self._over
        try:
            return next(self._events, None)
        except BaseException as error:
            self._over = ending(error)
            raise

    def _taken(self) -> Iterator[Entry | bytes]:
        while self._ready:
            yield self._ready.popleft()

    def _take(self, plain: bytes) -> None:
        self._ready.extend(self._tar.feed(plain))

    def _run(self, stored: Iterator[Buffer]) -> Generator[Entry | bytes]:
        try:
            for chunk in stored:
                for _ in self._decoder.feed(chunk):
                    yield from self._taken()
            self._decoder.finish()
            self._tar.finish()
        except OCILayersError:
            # What a worker found before is not lost because the error is known sooner.
            yield from self._taken()
            raise
        yield from self._taken()
        facts = self._decoder.facts
        self._facts = attrs.evolve(
            facts, findings=(*facts.findings, *self._tar.findings)
        )
