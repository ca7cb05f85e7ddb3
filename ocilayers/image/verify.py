"""Every promise of an image checked, and everything that was noticed, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Final

import attrs

from ocilayers._text import safe_text
from ocilayers._types import override
from ocilayers.errors import OCILayersError, SourceError
from ocilayers.findings import Finding, FindingLog, Severity
from ocilayers.image._oddities import check_layers, check_tree
from ocilayers.image.layer import Layer
from ocilayers.image.places import placed
from ocilayers.image.rules import (
    BLOB_MISSING,
    CONFIG_MISMATCH,
    DIGEST_MISMATCH,
    DIGEST_UNVERIFIABLE,
    LAYER_BROKEN,
    LAYERS_MISMATCH,
    LIMIT_REACHED,
    NOT_A_LAYER,
    SIZE_MISMATCH,
    TAR_BROKEN,
    TREE_IMPOSSIBLE,
)
from ocilayers.layer.index import LayerIndex
from ocilayers.layer.rules import TOC_BROKEN, TOC_MISMATCH
from ocilayers.limits import Limits
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge

__all__ = ["LayerReport", "Report", "verify"]

#: The first that fits is what an error is reported as.
_RULES: Final = (
    BLOB_MISSING,
    SIZE_MISMATCH,
    DIGEST_MISMATCH,
    DIGEST_UNVERIFIABLE,
    LIMIT_REACHED,
    LAYER_BROKEN,
    TAR_BROKEN,
    TREE_IMPOSSIBLE,
)


#: What can be wrong without a layer being wrong.
_BROKEN_PROMISES: Final = frozenset({CONFIG_MISMATCH.code, LAYERS_MISMATCH.code})


@attrs.frozen
class LayerReport:
    """What became of one layer.

    Attributes:
        layer: What was promised.
        index: What was found; None where the layer does not verify.
    """

    layer: Layer
    index: LayerIndex | None

    @property
    def verified(self) -> bool:
        """Whether every byte was read, and everything promised is true."""
        return self.index is not None


@attrs.frozen
class Report:
    """Everything that was found out about an image.

    Attributes:
        layers: What became of each layer, the base first.
        findings: Everything that was noticed.
        filesystem: What the layers make together, content read when asked for; None
            where a layer does not verify or they make none.
    """

    layers: tuple[LayerReport, ...]
    findings: tuple[Finding, ...]
    filesystem: Filesystem | None = attrs.field(eq=False, repr=False)

    @property
    def verified(self) -> bool:
        """Whether every byte is what was promised, and makes a file system."""
        return self.filesystem is not None and not any(
            finding.code in _BROKEN_PROMISES for finding in self.findings
        )

    @property
    def ok(self) -> bool:
        """Whether there is no finding of severity `error`."""
        return not any(finding.severity == "error" for finding in self.findings)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What a strict reader refuses."""
        return self._of("error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What means less or other than its maker may think, or is not portable."""
        return self._of("warning")

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What is worth knowing."""
        return self._of("note")

    def rows(self) -> Iterator[dict[str, object]]:
        """One plain dict a finding, ready for a data frame."""
        for finding in self.findings:
            yield attrs.asdict(finding)

    def _repr_html_(self) -> str:
        from ocilayers.notebook.images import report_html  # noqa: PLC0415 - the one arrow up

        return report_html(self)

    @override
    def __str__(self) -> str:
        """What was read, and a line for each finding; safe to show."""
        read = [report.index for report in self.layers if report.index is not None]
        stored = sum(index.facts.size for index in read)
        plain = sum(index.facts.uncompressed_size for index in read)
        entries = sum(map(len, read))
        verdict = "verified" if self.verified else "NOT VERIFIED"
        head = f"{verdict}: {len(read)} of {len(self.layers)} layers"
        lines = [f"{head}, {stored} bytes stored, {plain} plain, {entries} entries"]
        for found in self.findings:
            where = f"{found.where}: " if found.where else ""
            hint = f" ({found.hint})" if found.hint else ""
            text = f"{found.severity} {found.code} {where}{found.message}{hint}"
            lines.append(safe_text(text))
        return "\n".join(lines)

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == severity)

    @property
    def indexes(self) -> Mapping[str, LayerIndex]:
        """What was found of each layer that verifies, by diff_id."""
        return {
            report.index.facts.diff_id: report.index
            for report in self.layers
            if report.index is not None
        }


def verify(
    layers: Sequence[Layer],
    findings: tuple[Finding, ...],
    *,
    limits: Limits,
    made: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int], object] | None = None,
) -> Report:
    """Read *layers* to their ends and merge them.

    Args:
        layers: Of one image, the base first.
        findings: What was noticed before.
        limits: What reading may cost.
        made: When the image was made, in nanoseconds since the epoch.
        executor: Whose worker hashes while this thread decodes.
        progress: Told how many stored bytes each read gave.

    Raises:
        SourceError: A stream that *layers* come from is none; that says nothing
            about the image.
    """
    log = FindingLog(limits=limits)
    log.extend(findings)
    check_layers(layers, log)
    read: dict[Layer, LayerIndex | None] = {}
    reports: list[LayerReport] = []
    for layer in layers:
        # The same blob under the same promises is read once.
        if layer.promises not in read:
            read[layer.promises] = _scan(layer, log, executor, progress)
        reports.append(LayerReport(layer, read[layer.promises]))
    filesystem = _merge(reports, log, limits)
    if filesystem is not None:
        check_tree(filesystem, layers, made, log)
    return Report(tuple(reports), log.findings, filesystem)


def _scan(
    layer: Layer,
    log: FindingLog,
    executor: Executor | None,
    progress: Callable[[int], object] | None,
) -> LayerIndex | None:
    if not layer.descriptor.media_type.is_layer:
        log.add(NOT_A_LAYER, layer.where, actual=layer.descriptor.media_type)
    try:
        index = layer.read(executor=executor, progress=progress)
    except SourceError:
        raise
    except OCILayersError as error:
        _report(error, log)
        return None
    log.extend(placed(index.facts.findings, layer.where))
    _compare_toc(layer, index, log)
    return index


def _compare_toc(layer: Layer, index: LayerIndex, log: FindingLog) -> None:
    try:
        table = layer.table_of_contents()
    except OCILayersError as error:
        where, error.where = error.where, ""
        log.add(TOC_BROKEN, where, str(error))
        return
    for path, what in table.differences(index) if table else ():
        log.add(TOC_MISMATCH, f"{layer.where}: {path}", what)


def _merge(
    reports: Sequence[LayerReport], log: FindingLog, limits: Limits
) -> Filesystem | None:
    stack = [
        report.layer.lazily(report.index)
        for report in reports
        if report.index is not None
    ]
    if len(stack) < len(reports):
        return None
    created_by = [report.layer.created_by for report in reports]
    try:
        filesystem = merge(stack, limits=limits, created_by=created_by)
    except OCILayersError as error:
        _report(error, log)
        return None
    log.extend(filesystem.findings)
    return filesystem


def _report(error: OCILayersError, log: FindingLog) -> None:
    rule = next(
        (rule for rule in _RULES if isinstance(error, rule.error)), LAYER_BROKEN
    )
    where, error.where = error.where, ""
    # What is said of the place is said once.
    log.add(rule, where, str(error))
