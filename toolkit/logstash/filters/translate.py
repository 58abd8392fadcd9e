"""The `translate` filter: values are looked up in a dictionary.

Emulates logstash-filter-translate 3.5.0. A dictionary in a file is read at the start; the
options about reading it again are accepted and have no effect.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, ClassVar, Literal

from toolkit.logstash.event import sprintf
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import inspect
from toolkit.logstash.fields import FieldOperation, Write, names_of, read_by
from toolkit.logstash.filters import Apply, Context, Filter, UnknownFile
from toolkit.logstash.filters._dictionary import Lookup, build, is_yaml, load
from toolkit.logstash.filters._expressions import reference_faults
from toolkit.logstash.filters._translations import Translation, Update
from toolkit.logstash.options import (
    FieldReference,
    Hash,
    OptionError,
    OptionFault,
    OptionTexts,
    refuse,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Translate(Filter):
    """Store what the dictionary has for ``source`` in ``target``, or else ``fallback``.

    The target is the source itself, or ``translation`` where ECS compatibility is disabled;
    one that is there already is kept, unless ``override``. Values that are no strings are
    looked up by their text, an array by its first element. With ``iterate_on`` every element
    of an array is translated; if that is another field than the source, its elements are
    hashes that hold source and target.
    """

    plugin: ClassVar[str] = "translate"
    emulates: ClassVar[str] = "3.5.0"

    source: FieldReference | None = None
    field: str | None = None
    target: FieldReference | None = None
    destination: str | None = None
    override: bool | None = None
    dictionary: Hash = dataclasses.field(default_factory=dict)
    dictionary_path: str | None = None
    yaml_dictionary_code_point_limit: int | None = None
    yaml_load_strategy: Literal["streaming", "one_shot"] = "one_shot"
    exact: bool = True
    regex: bool = False
    fallback: str | None = None
    iterate_on: str | None = None
    refresh_interval: float = 300
    refresh_behaviour: Literal["merge", "replace"] = "merge"
    ecs_compatibility: Literal["disabled", "v1", "v8"] | None = None

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        source, target = self._fields(context)
        names = names_of(target)
        if self.iterate_on not in (None, source):
            names = tuple((*above, *name) for above in names_of(self.iterate_on) for name in names)
        for name in names:
            yield Write(name, (*names_of(source), *read_by(self.fallback)))

    def register(self, context: Context) -> Apply:
        source, target = self._fields(context)
        faults = [*self._contradictions(in_place=source == target)]
        look_up = self._look_up(context, faults)
        refuse(*faults)
        update = self._update(source, target, look_up)

        def apply(event: Event) -> Iterable[Event]:
            with suppress(FieldError):
                translated = update(event)
                if translated or (source == target and translated is not None):
                    self.decorate(event)
            return (event,)

        return apply

    def _fields(self, context: Context | None) -> tuple[str, str]:
        """The source and the target."""
        source = self.source or self.field or ""
        default = source if self.is_ecs(context) else "translation"
        return source, self.target or self.destination or default

    def _update(self, source: str, target: str, look_up: Lookup) -> Update:
        translation = Translation(
            source=source,
            target=target,
            look_up=look_up,
            fallback=None if self.fallback is None else sprintf.compile(self.fallback),
            override=source == target if self.override is None else self.override,
        )
        match self.iterate_on:
            case None:
                return translation.one_value
            case name if name == source:
                return translation.each_value
            case name:
                return translation.each_hash(name)

    def _look_up(self, context: Context, faults: list[OptionFault]) -> Lookup:
        try:
            return build(self._entries(context), exact=self.exact, by_expression=self.regex)
        except OptionError as error:
            for fault in error.faults:
                in_file = self.dictionary_path is not None
                changed: dict[str, Any] = {"option": "dictionary_path", "path": ()}
                faults.append(dataclasses.replace(fault, **changed) if in_file else fault)
            return lambda text: None
        except UnknownFile:
            if not faults:
                raise
            return lambda text: None

    def _entries(self, context: Context) -> Mapping[Any, Any]:
        if self.dictionary_path is None:
            return self.dictionary
        return load(
            self.dictionary_path,
            context.read_file,
            streaming=self.yaml_load_strategy == "streaming",
            limit=self.yaml_dictionary_code_point_limit,
        )

    def _contradictions(self, *, in_place: bool) -> Iterator[OptionFault]:
        for option in ("field", "destination", "iterate_on"):
            yield from reference_faults(option, getattr(self, option))
        if self.dictionary and self.dictionary_path is not None:
            yield _fault(
                "excluded", option="dictionary", by="dictionary_path", logstash=_EXCLUSIVE
            )
        for old, new in (("field", "source"), ("destination", "target")):
            if (value := getattr(self, old)) is not None and getattr(self, new) is not None:
                says = f"Please remove `{old} => {inspect(value)}` and only set the `{new} => ...`"
                yield _fault("excluded", option=old, by=new, logstash=f"{says} option instead")
        if self.source is None and self.field is None:
            yield _fault("no-source")
        elif in_place and self.override is False:
            yield _fault("never-overridden")
        if self.dictionary_path is not None and self.yaml_dictionary_code_point_limit is not None:
            yield from _limit_faults(self.dictionary_path, self.yaml_dictionary_code_point_limit)


_fault = OptionTexts(__package__)
_EXCLUSIVE = "The configuration options 'dictionary' and 'dictionary_path' are mutually exclusive"


def _limit_faults(path: str, limit: float) -> Iterator[OptionFault]:
    if not is_yaml(path):
        yield _fault("limit-without-yaml", path=path)
    elif limit <= 0:
        yield _fault("limit-of-nothing", limit=limit)
