"""The tables of the documentation, written as Markdown.

Each function takes the argument of its directive and yields lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import attrs
from floors import floors
from hostile import CLASSES
from marks import Shown, conformance, hostile
from package import import_all, page_of, public_modules, public_names, rules, summary

from ocilayers.findings import Rule
from ocilayers.limits import GIB, KIB, MIB, Limits

__all__ = ["ROOT", "TABLES"]

ROOT = Path(__file__).resolve().parent.parent.parent


def floor_table(_: str) -> Iterator[str]:
    """What stands on each floor, the highest first."""
    yield from _row("Name", "What it is")
    yield from _row("---", "---")
    for names in floors(ROOT / "pyproject.toml"):
        for name in names:
            meaning = summary(import_module(f"ocilayers.{name}"))
            yield from _row(f"`{name}`", _plain(meaning))


def everyday_names(_: str) -> Iterator[str]:
    """The names that the root offers; the errors have a page of their own."""
    yield from _row("Name", "Module", "What it is")
    yield from _row("---", "---", "---")
    for name, home in public_names().items():
        if home == "ocilayers.errors":
            continue
        meaning = summary(getattr(import_module(home), name))
        yield from _row(
            f"{{py:obj}}`{name} <{home}.{name}>`",
            f"{{py:mod}}`{home.removeprefix('ocilayers.')} <{home}>`",
            _plain(meaning),
        )


def all_modules(folder: str) -> Iterator[str]:
    """The public modules of one folder; without a name, those that lie in none."""
    prefix = f"ocilayers.{folder}." if folder else "ocilayers."
    here = [
        name
        for name in public_modules()
        if name.startswith(prefix) and "." not in name.removeprefix(prefix)
    ]
    for name in here:
        yield f"{{py:mod}}`{name}`"
        yield f": {_plain(summary(import_module(name)))}\n"
    yield from ("```{toctree}", ":hidden:", "")
    for name in here:
        yield f"{name.removeprefix('ocilayers.')} </{page_of(name)}>"
    yield "```"


def all_folders(_: str) -> Iterator[str]:
    """The folders, the highest first."""
    here = [
        name
        for names in floors(ROOT / "pyproject.toml")
        for name in names
        if hasattr(import_module(f"ocilayers.{name}"), "__path__")
    ]
    for name in here:
        yield f"[`{name}`](/reference/{name}.md)"
        yield f": {_plain(summary(import_module(f'ocilayers.{name}')))}\n"
    yield from ("```{toctree}", ":hidden:", "")
    for name in here:
        yield f"{name} </reference/{name}.md>"
    yield "```"


def limits_table(_: str) -> Iterator[str]:
    """Every limit with its default."""
    yield from _row("Limit", "Default")
    yield from _row("---", "---")
    for field in attrs.fields(Limits):
        link = f"{{py:attr}}`{field.name} <ocilayers.limits.Limits.{field.name}>`"
        yield from _row(link, _amount(field.name, field.default))


def all_rules(_: str) -> Iterator[str]:
    """Every code that a finding may have."""
    for folder, declared in rules().items():
        yield f"## `{folder}`\n"
        for rule in declared:
            yield from _rule(rule)


def conformance_table(_: str) -> Iterator[str]:
    """Each sentence of a standard, and the tests that show it."""
    modules = {module.__name__ for module in import_all()}
    last = ""
    for source, sentences in conformance(ROOT / "tests").items():
        document, _comma, section = source.partition(", ")
        if document != last:
            yield f"## {_plain(document)}\n"
            last = document
        if section:
            yield f"### {'section ' * section[0].isdigit()}{_plain(section)}\n"
        for sentence, tests in sentences.items():
            yield f"> {_keywords(_plain(sentence))}\n"
            for test in tests:
                yield f"- {_shown(test, modules)}"
            yield ""


def hostile_table(_: str) -> Iterator[str]:
    """Each class of hostile input, and what the tests say that becomes of it."""
    tried = hostile(ROOT / "tests")
    for group, names in CLASSES.items():
        yield f"## {group}\n"
        yield from _row("Class of input", "What happens", "Tested in")
        yield from _row("---", "---", "---")
        for name in names:
            heading = _plain(name[0].upper() + name[1:])
            for one in tried[name]:
                # The name of the test is the beginning of what happens.
                file = one.test.partition("::")[0].removeprefix("tests/")
                yield from _row(heading, _plain(one.outcome), f"`{file}`")
                heading = ""
        yield ""


TABLES = {
    "all-folders": all_folders,
    "all-modules": all_modules,
    "all-rules": all_rules,
    "conformance-table": conformance_table,
    "everyday-names": everyday_names,
    "floor-table": floor_table,
    "hostile-table": hostile_table,
    "limits-table": limits_table,
}
"""Each directive, and who writes it."""


def _row(*cells: str) -> Iterator[str]:
    yield "| " + " | ".join(cells) + " |"


def _plain(text: str) -> str:
    """*text* as Markdown that says just this; `code` stays code."""
    parts = re.split(r"(`+[^`]+`+)", text)
    return "".join(
        part if part.startswith("`") else re.sub(r"([\\*_{}\[\]<>#|])", r"\\\1", part)
        for part in parts
    )


def _keywords(text: str) -> str:
    return re.sub(r"\b(MUST|SHOULD|SHALL|MAY|REQUIRED)( NOT)?\b", r"**\1\2**", text)


def _shown(shown: Shown, there: set[str]) -> str:
    test = f"`{shown.test}`"
    folder, _, name = shown.module.rpartition(".")
    if shown.module in there:
        return f"{{py:mod}}`{shown.module}`: {test}"
    private = f"{folder}._{name}"
    return f"`{private}`: {test}" if private in there else test


def _rule(rule: Rule) -> Iterator[str]:
    yield f"({rule.code})="
    yield f"### `{rule.code}`\n"
    yield f"{_plain(rule.summary[:1].upper() + rule.summary[1:])}.\n"
    if rule.severity == "error":
        error = f"{{py:exc}}`~ocilayers.errors.{rule.error.__name__}`"
        yield f"**error**: a strict reader raises {error}."
    else:
        yield f"**{rule.severity}**."
    if rule.hint:
        yield f"{_plain(rule.hint[:1].upper() + rule.hint[1:])}."
    if rule.source:
        yield f"\n*Source:* {_plain(rule.source)}"
    yield ""


def _amount(name: str, value: object) -> str:
    if not isinstance(value, int):
        return "no limit"
    if "bytes" in name or "window" in name:
        for unit, size in (("GiB", GIB), ("MiB", MIB), ("KiB", KIB)):
            if value >= size:
                return f"{value // size} {unit}"
    return f"{value:,}"
