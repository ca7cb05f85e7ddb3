"""One layer, between its stored and its plain bytes, with both digests in one pass.

Law: size before digest, digest before facts. Facts are known only when every byte
has been seen and everything that was promised has turned out to be true.

Source: image-spec, descriptor.md, "Verification"; config.md, "Layer DiffID".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import Final

import attrs

from ocilayers._types import EMPTY_MAP, Buffer, as_bytes, override
from ocilayers.codec._decoding import Decoding
from ocilayers.codec._encoding import Encoding, new_encoder
from ocilayers.codec._intake import Intake
from ocilayers.codec._push import Push
from ocilayers.codec._tally import Tally
from ocilayers.codec.protocols import Checkpoint
from ocilayers.codec.rules import OTHER_DEFLATE
from ocilayers.codec.serial import Serial
from ocilayers.errors import CodecError
from ocilayers.findings import Finding, FindingLog
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest, Hashers
from ocilayers.spec.media_types import Compression

__all__ = ["LayerDecoder", "LayerEncoder", "LayerFacts"]

_NAME: Final = "layer"


@attrs.frozen
class LayerFacts:
    """What is known of a layer when all of it has been seen and verified.

    Attributes:
        digest: Of the stored bytes.
        size: Of the stored bytes, in bytes.
        diff_id: The digest of the plain bytes.
        uncompressed_size: Of the plain bytes, in bytes.
        compression: How the stored bytes are compressed.
        findings: What was noticed.
    """

    digest: Digest
    size: int
    diff_id: Digest
    uncompressed_size: int
    compression: Compression
    findings: tuple[Finding, ...] = ()


class LayerDecoder(Push):
    """Stored bytes of a layer in, its plain tar out, all of it verified.

    The first bytes say how it is compressed; a media type that says something else
    is a finding. Promises are optional, but a layer that promises nothing can only
    be checked by what its compression carries.

    >>> import gzip
    >>> decoder = LayerDecoder()
    >>> b"".join(decoder.feed(gzip.compress(b"hello", mtime=0)))
    b'hello'
    >>> decoder.finish()
    []
    >>> decoder.facts.uncompressed_size, decoder.facts.compression
    (5, 'gzip')

    Args:
        descriptor: Promises the digest and size of the stored bytes.
        diff_id: The promised digest of the plain bytes.
        limits: What the layer may cost. A ratio is held against the promised size,
            or else against what has come in so far.
        strict: Raise the first finding of severity `error`.
        executor: Whose worker computes the digests while the calling thread
            decodes. The results are the same; an error may come a few steps later.
        tap: Called with every piece of plain bytes, in order; with an executor in
            its worker. What it raises ends the decoding and reaches the caller.
        checkpoints: Decode so that `checkpoint()` is always right here, and look for
            portable ones; libraries that cannot do so are not used then.
        hashers: More algorithms for the two digests.

    Raises:
        SizeMismatchError: It is longer (as soon as that is seen) or shorter.
        DigestMismatchError: It is something else; `where` is `digest` or `diff_id`.
        UnsupportedAlgorithmError: Nobody here can compute a promised digest.
        TruncatedStreamError: It ends too early.
        CorruptStreamError: It breaks the rules of its compression.
        TrailingDataError: Something follows its end.
        LimitExceededError: It costs more than is allowed.
        CodecError: It is compressed or encrypted in a way that is not read here.
    """

    def __init__(
        self,
        descriptor: Descriptor | None = None,
        *,
        diff_id: str | None = None,
        limits: Limits | None = None,
        strict: bool = False,
        executor: Executor | None = None,
        tap: Callable[[bytes], object] | None = None,
        checkpoints: bool = False,
        hashers: Hashers = EMPTY_MAP,
    ) -> None:
        limits = limits or Limits()
        intake = Intake(_NAME)
        self._decoding = Decoding(
            intake,
            promised=descriptor,
            diff_id=None if diff_id is None else Digest(diff_id),
            limits=limits,
            log=FindingLog(strict=strict, limits=limits),
            serial=Serial(executor),
            tap=tap,
            checkpoints=checkpoints,
            hashers=hashers,
        )
        self._room = None if descriptor is None else descriptor.size
        super().__init__(intake, self._decoding.run())

    @override
    def feed(self, chunk: Buffer, /) -> Iterator[bytes]:
        data = as_bytes(chunk)
        if self._over is None and self._room is not None:
            self._room -= len(data)
            if self._room < 0:
                self._refuse(self._decoding.too_long(-self._room))
        return super().feed(data)

    def checkpoint(self) -> Checkpoint | None:
        """The last place, at or before here, from which decoding can begin again.

        None before the first bytes. Call it from the thread that decodes.
        """
        decoder = self._decoding.decoder
        return None if decoder is None else decoder.checkpoint()

    def portable_checkpoint(self) -> Checkpoint | None:
        """The last such place that can be written down; as `checkpoint`."""
        decoder = self._decoding.decoder
        return None if decoder is None else decoder.portable_checkpoint()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What has been noticed so far."""
        return self._decoding.log.findings

    @property
    def facts(self) -> LayerFacts:
        """What is known of the layer, after `finish()`.

        Raises:
            CodecError: It has not been verified to its end.
        """
        return _facts(self._decoding)


class LayerEncoder(Push):
    """A plain tar in, the stored bytes of a layer out, with both digests.

    The stored bytes depend on the plain bytes, the options and the versions of the
    libraries; never on how the input was cut, or on the executor.

    >>> encoder = LayerEncoder("zstd")
    >>> stored = b"".join([*encoder.feed(b"hello"), *encoder.finish()])
    >>> encoder.facts.digest == Digest.of(stored)
    True
    >>> encoder.facts.diff_id == Digest.of(b"hello")
    True

    Args:
        compression: How to compress it.
        level: Of the compression; by default 6 for gzip, 3 for zstd.
        executor: Whose workers deflate blocks of gzip at the same time, and compute
            the digests of other layers.
        deflate: Who deflates, by name. Another library than zlib makes other bytes,
            and so another digest; a finding says so.
        algorithm: Of both digests.

    Raises:
        CodecError: There is no such compression, level or library, or the library is
            not installed.
        UnsupportedAlgorithmError: Nobody here can compute such digests.
    """

    def __init__(
        self,
        compression: Compression = "gzip",
        *,
        level: int | None = None,
        executor: Executor | None = None,
        deflate: str = "zlib",
        algorithm: str = "sha256",
    ) -> None:
        intake = Intake(_NAME)
        self._encoding = Encoding(
            intake,
            compression,
            new_encoder(compression, level, executor, deflate),
            # Deflating leaves the calling thread enough time, others do not.
            Serial(None if compression == "gzip" else executor),
            Tally(algorithm),
            Tally(algorithm),
        )
        if compression == "gzip" and deflate != "zlib":
            self._encoding.log.add(OTHER_DEFLATE, _NAME, f"deflated by {deflate}")
        super().__init__(intake, self._encoding.run())

    @property
    def facts(self) -> LayerFacts:
        """What is known of the layer, after `finish()`.

        Raises:
            CodecError: It has not been finished.
        """
        return _facts(self._encoding)


def _facts(pass_: Decoding | Encoding) -> LayerFacts:
    if not pass_.complete:
        raise CodecError("nothing is known of a layer before finish() has seen it all")
    return LayerFacts(
        digest=pass_.stored.digest(),
        size=pass_.stored.size,
        diff_id=pass_.plain.digest(),
        uncompressed_size=pass_.plain.size,
        compression=pass_.compression,
        findings=pass_.log.findings,
    )
