"""The quick reader: one function for each model, written from the table of members.

Law: it takes what is plainly right and gives up at everything else, at once and without
a reason; the careful reader then judges. It never takes what that one refuses, and
makes the same models of what it takes (`tests/laws/test_documents.py`).

The functions are generated, as those of attrs and cattrs are: through cattrs and the
`__init__` of attrs a descriptor costs three times as much (`benchmarks/documents.py`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias, cast

from ocilayers._cache import LONGEST, Cache
from ocilayers._types import EMPTY_MAP, FrozenMap, JSONValue
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.timestamp import Timestamp
from ocilayers.wire._json import MOST_DIGITS, Odd, fold
from ocilayers.wire._members import NOTHING, SHAPES, Kind, Member, Shape

__all__ = ["GAVE_UP", "quick_reader"]

QuickReader: TypeAlias = Callable[[object, list[int]], Any]
"""Takes a value and a list, to which it adds how many strings it has read."""

GAVE_UP: Final = (Odd, KeyError, TypeError, ValueError)
"""What a quick reader may raise; it means no more than that it gave up."""

_DEEPEST_UNKNOWN: Final = 8
_MOST_BITS: Final = int((MOST_DIGITS - 1) * math.log2(10))

#: Of each cache: more than the images that one looks at together have.
_CACHED: Final = 4096

# Members that every descriptor has: all of them named, and two of them texts.
_NEEDED: Final = 3
_STRINGS: Final = 5

_TEXT: Final = "if v.__class__ is not str: raise Odd\n"
_LIST: Final = "if v.__class__ is not list: raise Odd\n"
_MAP: Final = "if v.__class__ is not dict: raise Odd\n"
_STORE: Final = "model.{attribute} = "
_TEXTS: Final = f'{_LIST}"".join(v)\nstrings += len(v)\n'
_TEXT_MAP: Final = f'{_MAP}"".join(v.values())\nstrings += 2 * len(v)\n'
# The dictionary is nobody else's, so it needs no copy.
_FREEZE: Final = "frozen = make(FrozenMap)\nfrozen._items = {value}\n"
_INTEGER: Final = (
    "if v.__class__ is not int or not -(1 << 63) <= v < 1 << 63: raise Odd\n"
)

_CODE: Final[Mapping[Kind, str]] = {
    "text": f"{_TEXT}{_STORE}v",
    "name": f"{_TEXT}if not v: raise Odd\n{_STORE}v",
    "media type": f"{_TEXT}{_STORE}media_type(v) if v else unnamed",
    "content type": f"{_STORE}media_type(v)",
    "digest": f"{_STORE}digest(v)",
    "time": f"{_STORE}time(v)",
    "integer": f"{_INTEGER}{_STORE}v",
    "seconds": f"{_INTEGER}{_STORE}v",
    "size": f"if v.__class__ is not int or not 0 <= v < 1 << 63: raise Odd\n{_STORE}v",
    "version": f"if v.__class__ is not int or v != 2: raise Odd\n{_STORE}v",
    "boolean": f"if v is not True and v is not False: raise Odd\n{_STORE}v",
    "texts": f"{_TEXTS}{_STORE}tuple(v)",
    "command": f"{_TEXTS}{_STORE}tuple(v)",
    "environment": f"{_LIST}strings += len(v)\n"
    'if "\\n" in "".join(v): raise Odd\n'
    'for text in v:\n    if text.find("=") < 1: raise Odd\n'
    f"{_STORE}tuple(v)",
    "digests": f"{_LIST}strings += len(v)\n{_STORE}tuple(map(digest, v))",
    "annotations": f"{_TEXT_MAP}{_FREEZE.format(value='v')}{_STORE}frozen",
    "labels": 'if "" in v: raise Odd\n'
    f"{_TEXT_MAP}{_FREEZE.format(value='v')}{_STORE}frozen",
    "names": f"{_MAP}{_STORE}unknown(v, seen)",
    "model": f"{_STORE}{{reader}}(v, seen)",
    "settings": f"{_STORE}{{reader}}(v, seen)",
    "models": f"{_LIST}{_STORE}tuple([{{reader}}(i, seen) for i in v])",
}
"""How each kind is read from `v`. Those that are missing here are too rare."""

_ONE_TEXT: Final = frozenset(
    {"text", "name", "media type", "content type", "digest", "time"}
)
"""The kinds that are one string each, which is counted where the member is."""

_EMPTY: Final[Mapping[Kind, str]] = {
    **dict.fromkeys(("text", "media type", "time", "integer", "boolean"), "v"),
    **dict.fromkeys(("texts", "command", "environment", "models"), "()"),
    **dict.fromkeys(("labels", "annotations", "names", "settings"), "empty"),
}
"""How a value that says nothing is kept, for the kinds that may say nothing."""


def quick_reader(cls: type) -> QuickReader:
    """The function that reads the object of one model.

    Where it gives up, it raises one of `GAVE_UP`.
    """
    reader = _READERS.get(cls)
    if reader is None:
        reader = _written(cls, _DIGESTS.__getitem__)
        if cls is Descriptor:
            reader = _interning(reader, _written(cls, Digest))
        _READERS[cls] = reader
    return reader


_READERS: Final[dict[type, QuickReader]] = {}


def _written(
    cls: Any,  # noqa: ANN401 - any class with slots
    digest: Callable[[str], Digest],
) -> QuickReader:
    shape = SHAPES[cls]
    # Slots that are not frozen: the class is changed once all of them are filled.
    twin = type(cls.__name__, (), {"__slots__": cls.__slots__})
    namespace: dict[str, Any] = {
        "FrozenMap": FrozenMap,
        "Odd": Odd,
        "cls": cls,
        "digest": digest,
        "empty": EMPTY_MAP,
        "folded": shape.folded,
        "make": object.__new__,
        "known": shape.by_name.keys(),
        "media_type": _MEDIA_TYPES.__getitem__,
        "rest": _rest,
        "time": _TIMES.__getitem__,
        "twin": twin,
        "unknown": _unknown,
        "unnamed": NOTHING["media type"],
    }
    for member in shape.members:
        namespace[f"no_{member.attribute}"] = NOTHING.get(member.kind)
    for member in shape.members:
        if member.of is not None and member.kind in _CODE:
            namespace[f"read_{member.attribute}"] = quick_reader(
                cast("type[Any]", member.of)
            )
    source = "\n".join(_lines(shape))
    exec(source, namespace)  # noqa: S102 - made of the table above and nothing else
    return cast("QuickReader", namespace["read"])


def _interning(reader: QuickReader, once: QuickReader) -> QuickReader:
    """Read descriptors that say no more than they have to once.

    Images share their bases, so the same ones come again and again.
    """
    known: dict[tuple[str, str, int], Descriptor] = {}

    def read(value: Any, seen: list[int]) -> Any:  # noqa: ANN401 - JSON, a model
        if len(value) != _NEEDED:
            return reader(value, seen)
        key = value["mediaType"], value["digest"], value["size"]
        found = known.get(key)
        # True would else be found where 1 was.
        if found is not None and key[2].__class__ is int:
            seen.append(_STRINGS)
            return found
        found = once(value, seen)
        # Bounded as a `Cache` is; a call for both would cost every tar entry one more.
        if len(key[0]) + len(key[1]) <= LONGEST:
            if len(known) >= _CACHED:
                known.clear()
            known[key] = found
        return found

    return read


def _lines(shape: Shape) -> Iterator[str]:
    needed = [member for member in shape.members if _is_needed(member)]
    optional = [member for member in shape.members if not _is_needed(member)]
    texts = sum(member.kind in _ONE_TEXT for member in needed)
    yield "def read(o, seen):"
    yield "    if o.__class__ is not dict: raise Odd"
    yield "    model = twin()"
    yield "    model.unset = model.unknown = empty"
    yield f"    strings = len(o) + {texts}"
    for member in needed:
        yield f"    v = o[{member.name!r}]"
        yield _indented(_code(member), 4)
    yield f"    left = len(o) - {len(needed)}"
    yield "    if left:"
    yield _indented("\n".join(_optional_lines(shape, optional)), 8)
    if optional:
        yield "    else:"
    for member in optional:
        yield f"        {_default(member)}"
    yield "    seen.append(strings)"
    yield "    model.__class__ = cls"
    yield "    return model"


def _optional_lines(shape: Shape, members: Iterable[Member]) -> Iterator[str]:
    # `texts` are those that are one string each; `left` loses the others.
    yield "texts = 0"
    yield "unset = {}"
    for member in members:
        yield f"if {member.name!r} in o:"
        yield f"    v = o[{member.name!r}]"
        yield _indented(_optional_code(shape, member), 4)
        yield f"else: {_default(member)}"
    yield "if unset:"
    yield _indented(_FREEZE.format(value="unset"), 4)
    yield "    model.unset = frozen"
    yield "if left != texts: model.unknown = rest(o, known, folded, seen)"
    yield "strings += texts"


def _default(member: Member) -> str:
    return f"model.{member.attribute} = no_{member.attribute}"


def _indented(code: str, spaces: int) -> str:
    return "\n".join(" " * spaces + line for line in code.splitlines())


def _is_needed(member: Member) -> bool:
    return member.is_required or member.if_absent is not None


def _code(member: Member) -> str:
    code = _CODE.get(member.kind, "raise Odd").format(
        attribute=member.attribute,
        reader=f"read_{member.attribute}",
    )
    if member.if_absent is not None and member.kind != "name":
        return f"{code}\nif not v: raise Odd"
    return code


def _optional_code(shape: Shape, member: Member) -> str:
    """Code for a member that may be null or say nothing."""
    code = f"{_code(member)}\n"
    code += "texts += 1" if member.kind in _ONE_TEXT else "left -= 1"
    if member.kind in _EMPTY:
        code += f"\nif not v: unset[{member.name!r}] = {_EMPTY[member.kind]}"
    null = "raise Odd"
    if shape.null_is_absent:
        null = f"left -= 1\n{_default(member)}\nunset[{member.name!r}] = None"
    null, text = _indented(null, 4), code.removeprefix(_TEXT)
    if text == code:
        return f"if v is None:\n{null}\nelse:\n{_indented(code, 4)}"
    # Most members are texts, so that is asked first.
    text = f"if v.__class__ is str:\n{_indented(text, 4)}"
    return f"{text}\nelif v is None:\n{null}\nelse: raise Odd"


def _time(text: str) -> Timestamp:
    # What is no text might pass for one, as 0 does for none at all.
    if text.__class__ is not str:
        raise Odd
    found = Timestamp(text)
    if text and not (found.is_valid and text == text.upper()):
        raise Odd
    return found


def _media_type(text: str) -> MediaType:
    found = MediaType(text)
    is_odd = found.role is None and MediaType(found.lower()).role is not None
    if is_odd or not found.is_valid:
        raise Odd
    return found


# Equal texts are judged once and become one object.
_DIGESTS: Final = Cache(Digest, _CACHED)
_TIMES: Final = Cache(_time, _CACHED)
_MEDIA_TYPES: Final = Cache(_media_type, 256)


def _rest(
    members: dict[str, object],
    known: Collection[str],
    folded: Collection[str],
    seen: list[int],
) -> Mapping[str, JSONValue]:
    """The members that nobody knows."""
    rest = {name: members[name] for name in members if name not in known}
    if any(fold(name) in folded for name in rest):
        raise Odd
    # Their names are counted with the object they are in.
    return FrozenMap({name: _unknown(value, seen) for name, value in rest.items()})


def _unknown(value: object, seen: list[int], room: int = _DEEPEST_UNKNOWN) -> JSONValue:
    """A value of no known meaning, frozen, with its strings counted."""
    if isinstance(value, str):
        seen.append(1)
        return value
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        seen.append(len(members))
        if not room:
            raise Odd
        return FrozenMap(
            {name: _unknown(item, seen, room - 1) for name, item in members.items()}
        )
    if isinstance(value, list):
        items = cast("list[object]", value)
        if not room:
            raise Odd
        return tuple([_unknown(item, seen, room - 1) for item in items])
    is_long = isinstance(value, int) and value.bit_length() > _MOST_BITS
    if is_long or (isinstance(value, float) and math.isinf(value)):
        raise Odd
    return cast("JSONValue", value)
