r"""Commands of a history: which instruction of a Dockerfile a builder wrote down.

Text only, by many builders: nothing here ever fails.

```text
/bin/sh -c #(nop)  CMD ["sh"]             CMD ["sh"]         classic builder
/bin/sh -c apk add curl                   RUN apk add curl
|1 A=b /bin/sh -c echo $A                 RUN echo $A        with build arguments
COPY a b # buildkit                       COPY a b           BuildKit
RUN /bin/sh -c apk add curl # buildkit    RUN apk add curl
RUN |1 A=b /bin/sh -c echo $A # buildkit  RUN echo $A
```

Source: moby, `daemon/builder/dockerfile/internals.go`; BuildKit, `dockerfile2llb`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import attrs

from ocilayers._types import EMPTY_MAP, FrozenMap, override
from ocilayers.spec._freeze import frozen_texts

__all__ = ["Step", "read_created_by"]

_BUILDKIT: Final = " # buildkit"
_NO_LAYER: Final = "#(nop)"
_INSTRUCTION: Final = re.compile(
    r"(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|"
    r"ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)(?:\s+|$)"
)
# What runs the shell form of an instruction, on Linux and on Windows.
_SHELL: Final = re.compile(
    r"(?:/bin/(?:ba|da|a)?sh(?: -[a-z]*o pipefail)? -[a-z]*c|cmd /S /C"
    r"|powershell -Command)(?: |$)"
)
_ARGUMENTS: Final = re.compile(r"\|([0-9]{1,4}) ")
_ASSIGNMENT: Final = re.compile(r"(?:^| )([A-Za-z_][A-Za-z0-9_]*)=")


@attrs.frozen
class Step:
    """One step of a build.

    Attributes:
        instruction: In capitals; empty where nobody can tell.
        command: What follows it.
        arguments: The build arguments that it saw.
    """

    instruction: str
    command: str
    arguments: Mapping[str, str] = attrs.field(
        default=EMPTY_MAP, converter=frozen_texts
    )

    @override
    def __str__(self) -> str:
        """The line of a Dockerfile that would do the same."""
        return f"{self.instruction} {self.command}".strip()


def read_created_by(text: str) -> Step:
    """What a builder wrote into `created_by`, whatever its form.

    >>> str(read_created_by('/bin/sh -c #(nop)  CMD ["sh"]'))
    'CMD ["sh"]'
    >>> str(read_created_by("RUN /bin/sh -c apk add curl # buildkit"))
    'RUN apk add curl'
    """
    text = text.removesuffix(_BUILDKIT).strip()
    instruction = _INSTRUCTION.match(text)
    if instruction is not None and instruction[1] != "RUN":
        return Step(instruction[1], text[instruction.end() :])
    line = text[instruction.end() :] if instruction else text
    arguments, line = _arguments(line)
    shell = _SHELL.match(line)
    if shell is None:
        # Arguments stand before a shell alone.
        return Step("RUN" if instruction else "", line)
    line = line[shell.end() :].strip()
    if not line.startswith(_NO_LAYER):
        return Step("RUN", line, arguments)
    line = line.removeprefix(_NO_LAYER).strip()
    instruction = _INSTRUCTION.match(line)
    if instruction is None:
        return Step("", line, arguments)
    return Step(instruction[1], line[instruction.end() :], arguments)


def _arguments(line: str) -> tuple[Mapping[str, str], str]:
    """Take `|2 A=1 B=2 ` from the start of a line; values may have spaces in them."""
    count = _ARGUMENTS.match(line)
    shell = re.search(rf"(?:^| )(?={_SHELL.pattern})", line)
    if count is None or shell is None:
        return EMPTY_MAP, line
    text = line[count.end() : shell.start()]
    starts = list(_ASSIGNMENT.finditer(text))[: int(count[1])]
    ends = [*(start.start() for start in starts[1:]), len(text)]
    found = {
        start[1]: text[start.end() : end]
        for start, end in zip(starts, ends, strict=False)
    }
    return FrozenMap(found), line[shell.end() :]
