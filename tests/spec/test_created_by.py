"""Commands of a history, by many builders."""

from __future__ import annotations

import pytest

from ocilayers.spec.created_by import Step, read_created_by


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '/bin/sh -c #(nop)  CMD ["/bin/sh"]', 'CMD ["/bin/sh"]', id="classic"
        ),
        pytest.param(
            "/bin/sh -c #(nop) ADD file:8e in / ", "ADD file:8e in /", id="classic ADD"
        ),
        pytest.param("/bin/sh -c touch x", "RUN touch x", id="classic RUN"),
        pytest.param("/bin/sh -c #(nop) odd", "odd", id="no instruction"),
        pytest.param("/bin/bash -euc ls", "RUN ls", id="another shell"),
        pytest.param(
            "RUN |1 A=b /bin/bash -eo pipefail -c ls | wc # buildkit",
            "RUN ls | wc",
            id="a shell that minds pipes",
        ),
        pytest.param("cmd /S /C dir", "RUN dir", id="Windows"),
        pytest.param("COPY a b # buildkit", "COPY a b", id="BuildKit"),
        pytest.param("LABEL a=1", "LABEL a=1", id="BuildKit without a mark"),
        pytest.param("RUN /bin/sh -c ls # buildkit", "RUN ls", id="BuildKit RUN"),
        pytest.param("RUN ls -l # buildkit", "RUN ls -l", id="BuildKit exec form"),
        pytest.param("bazel build ...", "bazel build ...", id="somebody else"),
        pytest.param("COPYRIGHT", "COPYRIGHT", id="no instruction, but like one"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_command_is_the_line_of_a_dockerfile(text: str, expected: str) -> None:
    """Whatever nobody can tell is left as it is."""
    assert str(read_created_by(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["|2 A=1 2 B= /bin/sh -c echo $A", "RUN |2 A=1 2 B= /bin/sh -c echo $A # buildkit"],
)
def test_build_arguments_are_told_apart(text: str) -> None:
    """Their values may hold spaces."""
    step = read_created_by(text)

    assert step == Step("RUN", "echo $A", {"A": "1 2", "B": ""})


def test_arguments_stay_where_the_instruction_is_none() -> None:
    """Nothing that was written is lost."""
    step = read_created_by("|1 A=1 /bin/sh -c #(nop) something else")

    assert step == Step("", "something else", {"A": "1"})


def test_arguments_without_a_command_are_left_alone() -> None:
    """It is not what it looks like."""
    assert read_created_by("|1 A=1 echo") == Step("", "|1 A=1 echo")
