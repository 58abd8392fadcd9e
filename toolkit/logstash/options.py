"""The types of plugin options, and the errors found in them.

A filter is a frozen dataclass whose fields are its options, under Logstash's names; their
annotations are the types that Logstash accepts (`config :name, :validate => :type`):

==================  =============================================  ==================
annotation          Logstash                                       Python value
==================  =============================================  ==================
``str``             ``:string``                                    str
``int`` / ``float`` ``:number``                                    int or float
``bool``            ``:boolean``                                   bool
``Strings``         ``:array`` or ``:string, :list => true``       tuple[str, ...]
``Array``           ``:array`` (items of any kind)                 tuple[Any, ...]
``Hash``            ``:hash``; iterates in *Java's* hash order      Mapping[str, Any]
``FieldReference``  ``:field_reference``                           str
``Literal[...]``    ``:validate => [...]``                         str
``X | None``        no default                                     X or None
==================  =============================================  ==================

An option without a default is ``:required => true``.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, dataclass, fields
from difflib import get_close_matches
from functools import cache
from typing import (
    Any,
    Literal,
    NewType,
    TypeAlias,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from toolkit.logstash.event.fieldref import FieldError, parse
from toolkit.logstash.event.hashing import java_ordered
from toolkit.logstash.event.numbers import ruby_number
from toolkit.logstash.event.values import inspect, to_text
from toolkit.logstash.texts import FaultRows

Strings: TypeAlias = tuple[str, ...]
Array: TypeAlias = tuple[Any, ...]
Hash: TypeAlias = Mapping[str, Any]
FieldReference = NewType("FieldReference", str)
PluginT = TypeVar("PluginT")


@dataclass(frozen=True, slots=True)
class OptionFault:
    """A fault in the value of an option, with its place in that value.

    ``path`` leads into the value: names of hash keys and indices of arrays; ``start`` and
    ``end`` are character offsets in the string found there (None: all of it).
    """

    what: str
    option: str
    why: str
    fix: str
    path: tuple[str | int, ...] = ()
    start: int | None = None
    end: int | None = None
    kind: str = ""
    """A key for programs: ``unknown-pattern``, ``regex``, ``date-format``, ``convert-type``, …"""
    logstash: str = ""
    """The message of real Logstash, if it has one."""
    unsupported: bool = False
    """The option is legal, and the emulation does not cover it."""


class OptionTexts(FaultRows):
    """The faults of options that a package describes."""

    def __call__(
        self,
        name: str,
        path: tuple[str | int, ...] = (),
        start: int | None = None,
        end: int | None = None,
        unsupported: bool = False,
        /,
        **values: object,
    ) -> OptionFault:
        """Return a fault with its values filled in.

        Args:
            name: The name of its row.
            path: Names of keys and indices that lead into the value of the option.
            start: The offset in the string found there; None for all of it.
            end: The offset behind it.
            unsupported: Logstash accepts it, and the emulation does not.
            values: The value of each ``$name`` in the texts.
        """
        place = {"path": path, "start": start, "end": end, "unsupported": unsupported}
        return OptionFault(**self.filled(name, values), **place)  # type: ignore[arg-type]


_fault = OptionTexts(__package__)


class OptionError(Exception):
    """Options that real Logstash rejects at start, or that fail with each event."""

    def __init__(self, *faults: OptionFault) -> None:
        super().__init__("; ".join(fault.what for fault in faults))
        self.faults = faults


def refuse(*faults: OptionFault) -> None:
    """Raise `OptionError` if there are faults."""
    if faults:
        raise OptionError(*faults)


def decode(plugin: Callable[..., PluginT], values: Mapping[str, Any]) -> PluginT:
    """Make a filter of option values, or raise `OptionError` with every fault.

    Values are those of a configuration (str, int, float, bool, list, dict). Hashes written
    as arrays keep their order, as in Logstash; others get Java's.
    """
    decoded, faults = read(plugin, values)
    refuse(*faults)
    assert decoded is not None
    return decoded


def read(
    plugin: Callable[..., PluginT], values: Mapping[str, Any]
) -> tuple[PluginT | None, list[OptionFault]]:
    """Make a filter of the valid options, and list the faults of the others.

    There is no filter if a required option is missing or invalid.
    """
    faults: list[OptionFault] = []
    decoded: dict[str, Any] = {}
    options = _options(plugin)
    for name, value in values.items():
        if name not in options:
            faults.append(unknown_option(plugin.plugin, name, options))  # type: ignore[attr-defined]
            continue
        if name in plugin.unsupported:  # type: ignore[attr-defined]
            named = {"plugin": plugin.plugin, "option": name}  # type: ignore[attr-defined]
            faults.append(_fault("unsupported-option", (), None, None, True, **named))
        try:
            decoded[name] = _decode(options[name].type, value)
        except _WrongTypeError as wrong:
            faults.append(_wrong(plugin, name, value, wrong))
    required = [name for name, option in options.items() if option.required]
    absent = (name for name in required if name not in values)
    faults += (missing_option(plugin.plugin, name) for name in absent)  # type: ignore[attr-defined]
    complete = decoded.keys() >= set(required)
    return (plugin(**decoded) if complete else None), faults


@dataclass(frozen=True, slots=True)
class _Option:
    type: Any
    required: bool


@cache
def _options(plugin: Any) -> Mapping[str, _Option]:
    hints = get_type_hints(plugin)
    return {
        field.name: _Option(hints[field.name], _required(field))
        for field in fields(plugin)
        if field.init and not field.name.startswith("_")
    }


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


class _WrongTypeError(Exception):
    """``wanted`` is Logstash's name of the type (a hash), ``remark`` its message."""

    def __init__(self, wanted: str, remark: str) -> None:
        super().__init__(remark)
        self.wanted, self.remark = wanted, remark


def _decode(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(hint), value)
    if origin is Literal:
        return _one_of([str(choice) for choice in get_args(hint)], value)
    if hint is Any:
        return value
    return _DECODERS[origin or hint](value, hint)


def _decode_union(hints: tuple[Any, ...], value: Any) -> Any:
    *others, last = (hint for hint in hints if hint is not type(None))
    for hint in others:
        with suppress(_WrongTypeError):
            return _decode(hint, value)
    return _decode(last, value)


def _single(value: Any, kind: str) -> Any:
    """Return a scalar: Logstash wraps every value in an array, and expects one item in it."""
    items = value if isinstance(value, list | dict) else [value]
    if isinstance(items, dict) or len(items) != 1:
        raise _WrongTypeError(kind, f"Expected {kind}, got {inspect(items)}")
    return items[0]


def _text(value: Any) -> str:
    return inspect(value) if isinstance(value, list | dict) else to_text(value)


def _string(value: Any, hint: Any) -> str:
    return _text(_single(value, "string"))


def _field_reference(value: Any, hint: Any) -> str:
    reference = _string(value, hint)
    try:
        parse(reference)
    except FieldError as error:
        raise _WrongTypeError("field_reference", str(error)) from error
    return reference


def _number(value: Any, hint: Any) -> int | float:
    item = _single(value, "number")
    if isinstance(item, int | float) and not isinstance(item, bool):
        return item
    if isinstance(item, str):
        readers: tuple[tuple[Any, Any], ...] = ((int, str), (float, ruby_number))
        for read_number, show in readers:
            with suppress(ValueError):
                if show(number := read_number(item)) == item:
                    return cast("int | float", number)
    raise _WrongTypeError("number", f"Expected number, got {inspect(item)} (type {_text(item)})")


def _boolean(value: Any, hint: Any) -> bool:
    item = _single(value, "boolean")
    if item in (True, "true"):
        return True
    if item in (False, "false"):
        return False
    raise _WrongTypeError("boolean", f"Expected boolean 'true' or 'false', got {inspect(item)}")


def _array(value: Any, hint: Any) -> tuple[Any, ...]:
    if isinstance(value, dict):
        raise _WrongTypeError("array", f"Expected an array, got {inspect(value)}")
    items = value if isinstance(value, list) else [value]
    if get_args(hint)[0] is str:
        return tuple(map(_text, items))
    return tuple(map(_java_orders, items))


def _hash(value: Any, hint: Any) -> Mapping[str, Any]:
    if isinstance(value, dict):
        ordered: Mapping[str, Any] = _java_orders(value)
        return ordered
    items = value if isinstance(value, list) else [value]
    if len(items) % 2:
        raise _WrongTypeError(
            "hash", f"This field must contain an even number of items, got {len(items)}"
        )
    pairs: dict[str, Any] = {}
    for name, item in zip(map(_text, items[::2]), items[1::2], strict=True):
        pairs[name] = merge(pairs[name], item) if name in pairs else item
    return pairs


def merge(held: Any, value: Any) -> Any:
    """Join two values of one name as Logstash does: an array of both, flat.

    >>> merge("1", "2"), merge(["1"], ["2", "3"])
    (['1', '2'], ['1', '2', '3'])
    """
    return [
        item for part in (held, value) for item in (part if isinstance(part, list) else [part])
    ]


def _java_orders(value: Any) -> Any:
    if isinstance(value, dict):
        return java_ordered({name: _java_orders(item) for name, item in value.items()})
    return [_java_orders(item) for item in value] if isinstance(value, list) else value


def _one_of(choices: list[str], value: Any) -> str:
    items = value if isinstance(value, list) else [value]
    text = _text(items[0]) if len(items) == 1 else None
    if text in choices:
        return text
    raise _WrongTypeError("", f"Expected one of {inspect(choices)}, got {inspect(items)}")


_DECODERS: Mapping[Any, Callable[[Any, Any], Any]] = {
    str: _string,
    int: _number,
    float: _number,
    bool: _boolean,
    tuple: _array,
    Mapping: _hash,
    FieldReference: _field_reference,
}


def unknown_option(plugin: str, name: str, options: Collection[str]) -> OptionFault:
    """Return the fault of an option that a plugin does not have.

    Args:
        plugin: The name of the plugin.
        name: The name of the option.
        options: The names of the options that it has.
    """
    near = get_close_matches(name, options, n=1, cutoff=0.7)
    if near:
        return _fault("misspelt-option", plugin=plugin, option=name, near=near[0])
    return _fault("unknown-option", plugin=plugin, option=name)


def missing_option(plugin: str, name: str, kind: str = "filter") -> OptionFault:
    """Return the fault of a required option that is missing.

    Args:
        plugin: The name of the plugin.
        name: The name of the option.
        kind: The kind of the plugin, such as ``input``.
    """
    return _fault("missing-option", plugin=plugin, option=name, kind=kind)


def _wrong(plugin: Any, name: str, value: Any, wrong: _WrongTypeError) -> OptionFault:
    must = f"This setting must be a {wrong.wanted}. " if wrong.wanted else ""
    reported = f"Invalid setting for {plugin.plugin} filter plugin: {must}{wrong.remark}"
    if name == "ecs_compatibility":
        reported = f"{plugin.plugin} filter plugin does not support `{name} => {_text(value)}`."
    wanted = f"is not a {wrong.wanted.replace('_', ' ')}" if wrong.wanted else "is not allowed"
    values = {"plugin": plugin.plugin, "option": name, "wanted": wanted, "reason": wrong.remark}
    return _fault("option-type", **values, logstash=reported)
