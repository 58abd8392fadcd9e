"""What each filter writes into events, from which fields, and what it takes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from toolkit.logstash.config import nodes
from toolkit.logstash.config.nodes import Span
from toolkit.logstash.filters import Context
from toolkit.logstash.filters.grok import Grok
from toolkit.logstash.flow.captures import captures_of, dissected
from toolkit.logstash.flow.options import Name, Options, name_of, read_by
from toolkit.logstash.options import OptionError, decode


@dataclass(frozen=True, slots=True)
class Write:
    """A field gets a value."""

    field: Name | None
    """None stands for fields that the text does not name."""
    reads: tuple[Name, ...]
    """What the value is made of."""
    action: str
    """The filter, and its option where that says more: ``grok``, ``mutate rename``."""
    span: Span
    text: str = ""
    """How it is written, where the characters at ``span`` do not say it."""
    certain: bool = True
    """Whether no older value of the field can stay."""
    afterwards: bool = False
    """Whether it reads what the same filter has written before."""
    known: bool = True
    """Whether all of what the filter reads and writes is known."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A field is taken out."""

    field: Name


Deed: TypeAlias = "Write | Removal"
_Reader: TypeAlias = "Callable[[Options, Context | None], Iterator[Deed]]"


def deeds(
    plugin: nodes.Plugin,
    context: Context | None = None,
    stand_ins: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[Deed]:
    """Yield what a filter does, in the order in which it does it.

    ``context`` gives the patterns of grok; ``stand_ins`` say, by the id of a filter, what it
    is taken to set.
    """
    options = Options(plugin)
    stand_in = (stand_ins or {}).get(str(options.values.get("id")))
    if stand_in is not None:
        yield from (Write(name_of(f), (), plugin.name, plugin.name_span) for f in stand_in)
    else:
        yield from _READERS.get(plugin.name, _stranger)(options, context)
    for key, value in options.pairs("add_field"):
        span = options.span("add_field", key)
        reads = read_by(key, value)
        action = f"{plugin.name} add_field"
        text = f"{key} => {value}"
        yield Write(name_of(key), reads, action, span, text, certain=False, afterwards=True)
    yield from _tags(options)
    for reference in options.texts("remove_field"):
        yield from _gone(reference)


def _tags(options: Options) -> Iterator[Write]:
    """Tags that the filter sets, be it for want of success."""
    plugin = options.plugin
    source = options.text("source", "message") if plugin.name in ("json", "kv", "csv") else None
    matched = [field for field, _ in options.pairs("match")] or options.texts("match")[:1]
    failed = options.texts("tag_on_failure") or _FAILED.get(plugin.name, ())
    failed = () if options.values.get("tag_on_failure") == [] else failed
    for tag in failed:
        reads = _some(source, *matched, *(field for field, _ in options.pairs("mapping")))
        action = f"{plugin.name} tag_on_failure"
        yield Write(("tags",), reads, action, plugin.name_span, tag, certain=False)
    for index, tag in enumerate(options.texts("add_tag")):
        span, action = options.span("add_tag", index), f"{plugin.name} add_tag"
        reads = read_by(tag)
        yield Write(("tags",), reads, action, span, tag, certain=False, afterwards=True)


def _gone(reference: str) -> Iterator[Removal]:
    name = name_of(reference)
    if name is not None:
        yield Removal(name)


def _below(target: str | None, name: str | None) -> Name | None:
    """A field below the target of a filter, or of the event where it has none."""
    found = name_of(name)
    if target is None or found is None:
        return found
    above = name_of(target)
    return None if above is None else (*above, *found)


def _some(*references: str | None) -> tuple[Name, ...]:
    return tuple(name for each in references if each and (name := name_of(each)))


def _grok(options: Options, context: Context | None) -> Iterator[Deed]:
    definitions = _definitions(options, context)
    named_only = str(options.values.get("named_captures_only")).lower() != "false"
    target = options.text("target")
    for source, expressions in options.pairs("match"):
        listed = expressions if isinstance(expressions, list) else [expressions]
        for index, expression in enumerate(listed):
            if isinstance(expression, str):
                for each in captures_of(expression, definitions, named_only=named_only):
                    span = options.span("match", source, index, start=each.start, end=each.end)
                    name = _below(target, each.field)
                    yield Write(name, _some(source), "grok", span, each.text, certain=False)


def _definitions(options: Options, context: Context | None) -> Mapping[str, str]:
    if context is None:
        return {}
    try:
        return decode(Grok, options.values).definitions(context)
    except OptionError:
        return {}


def _dissect(options: Options, context: Context | None) -> Iterator[Deed]:
    for source, mapping in options.pairs("mapping"):
        for each in dissected(str(mapping)):
            span = options.span("mapping", source, start=each.start, end=each.end)
            yield Write(name_of(each.field or None), _some(source), "dissect", span, each.text)
    yield from _each(options, "convert_datatype")


def _in_place(
    options: Options,
    option: str,
    field: str,
    *path: str | int,
    value: Any = None,
    reads: tuple[Name, ...] = (),
) -> Iterator[Write]:
    name = name_of(field)
    if name is not None:
        action, text = f"{options.plugin.name} {option}", field
        if value is not None:
            text = f"{field} => {value}"
        span = options.span(option, *path)
        yield Write(name, (name, *reads), action, span, text, afterwards=True)


def _mutate(options: Options, context: Context | None) -> Iterator[Deed]:
    """In the order in which Logstash runs the options, whatever the order of the text."""
    yield from _each(options, "coerce")
    yield from _moved(options, "rename")
    for option in ("update", "replace"):
        for field, value in options.pairs(option):
            span = options.span(option, field)
            action = f"mutate {option}"
            text = f"{field} => {value}"
            yield Write(name_of(field), read_by(value), action, span, text, afterwards=True)
    yield from _each(options, "convert")
    listed = options.values.get("gsub")
    for index, field in enumerate((listed if isinstance(listed, list) else [])[::3]):
        yield from _in_place(options, "gsub", str(field), 3 * index)
    for option in ("uppercase", "capitalize", "lowercase", "strip"):
        for index, field in enumerate(options.texts(option)):
            yield from _in_place(options, option, field, index)
    yield from _each(options, "split", "join")
    for field, value in options.pairs("merge"):
        others = _some(*(value if isinstance(value, list) else [str(value)]))
        yield from _in_place(options, "merge", field, field, value=value, reads=others)
    yield from _moved(options, "copy")


def _each(options: Options, *names: str) -> Iterator[Write]:
    for option in names:
        for field, value in options.pairs(option):
            yield from _in_place(options, option, field, field, value=value)


def _moved(options: Options, option: str) -> Iterator[Deed]:
    for field, to in options.pairs(option):
        span = options.span(option, field)
        action = f"mutate {option}"
        text = f"{field} => {to}"
        yield Write(name_of(str(to)), _some(field), action, span, text, afterwards=True)
        if option == "rename":
            yield from _gone(field)


def _date(options: Options, context: Context | None) -> Iterator[Deed]:
    source, *formats = *options.texts("match"), ""
    target = options.text("target", "@timestamp")
    text = ", ".join(filter(None, formats))
    yield Write(name_of(target), _some(source), "date", options.plugin.name_span, text)


def _decoder(options: Options, context: Context | None) -> Iterator[Deed]:
    """A filter that takes a text apart into fields that the text names."""
    plugin, target = options.plugin, options.text("target")
    reads = _some(options.text("source", "message"))
    listed = {"csv": "columns", "kv": "include_keys"}.get(plugin.name, "")
    prefix = options.text("prefix", "")
    for index, name in enumerate(options.texts(listed)):
        span = options.span(listed, index)
        yield Write(_below(target, f"{prefix}{name}"), reads, plugin.name, span)
    # A line of CSV may have more columns than are named.
    if not options.texts(listed) or (plugin.name == "csv" and _autogenerates(options)):
        yield Write(name_of(target), reads, plugin.name, plugin.name_span)


def _autogenerates(options: Options) -> bool:
    return str(options.values.get("autogenerate_column_names")).lower() != "false"


def _maker(default: str | None = None) -> _Reader:
    """A filter that makes one field of another; in place where it has no target."""

    def read(options: Options, context: Context | None) -> Iterator[Deed]:
        plugin = options.plugin
        sources = options.texts("source") or options.texts("field") or [""]
        reads = _some(*filter(None, sources))
        target = options.text("target") or options.text("destination") or default
        for source in sources if target is None else [target]:
            yield Write(name_of(source or "message"), reads, plugin.name, plugin.name_span)

    return read


def _rewriter(options: Options, context: Context | None) -> Iterator[Deed]:
    """A filter that changes fields in place."""
    plugin = options.plugin
    for option in ("field", "fields", "resolve", "reverse"):
        for reference in options.texts(option):
            name = name_of(reference)
            if name is not None:
                yield Write(name, (name,), plugin.name, plugin.name_span)


def _geoip(options: Options, context: Context | None) -> Iterator[Deed]:
    """In names of the Elastic Common Schema, what is known of an ``[x][ip]`` goes to ``[x]``."""
    plugin, source = options.plugin, name_of(options.text("source"))
    target = name_of(options.text("target"))
    if target is None and source is not None:
        target = (*source[:-1], "geo") if source[-1] == "ip" else ("geoip",)
    reads = () if source is None else (source,)
    yield Write(target, reads, plugin.name, plugin.name_span)


def _priority(options: Options, context: Context | None) -> Iterator[Deed]:
    plugin = options.plugin
    source = options.text("syslog_pri_field_name", "[log][syslog][priority]")
    yield Write(("log", "syslog"), _some(source), plugin.name, plugin.name_span)


def _silent(options: Options, context: Context | None) -> Iterator[Deed]:
    """A filter that gives no field a value."""
    return iter(())


def _stranger(options: Options, context: Context | None) -> Iterator[Deed]:
    """A filter of which nothing is known but what its options say in the usual words."""
    plugin = options.plugin
    reads = _some(options.text("source"), *options.texts("field"))
    yield Write(name_of(options.text("target")), reads, plugin.name, plugin.name_span, known=False)


_FAILED: Mapping[str, tuple[str, ...]] = {
    "grok": ("_grokparsefailure",),
    "date": ("_dateparsefailure",),
    "dissect": ("_dissectfailure",),
    "json": ("_jsonparsefailure",),
    "csv": ("_csvparsefailure",),
    "kv": ("_kv_filter_error",),
}
"""The tags of filters that do not succeed, where they are told none."""

_READERS: Mapping[str, _Reader] = {
    "grok": _grok,
    "dissect": _dissect,
    "mutate": _mutate,
    "date": _date,
    "geoip": _geoip,
    "syslog_pri": _priority,
    "useragent": _maker("user_agent"),
    "fingerprint": _maker("fingerprint"),
    "uuid": _maker(),
    **dict.fromkeys(("translate", "bytes", "split"), _maker()),
    **dict.fromkeys(("json", "kv", "csv", "xml"), _decoder),
    **dict.fromkeys(("urldecode", "truncate", "de_dot", "dns"), _rewriter),
    **dict.fromkeys(("drop", "clone", "prune", "cidr", "metrics", "sleep", "throttle"), _silent),
}
