"""The schema of a rule file, as Prometheus validates it.

As ``promtool check rules`` of Prometheus 2.42, except names beyond ASCII, which are valid since
3.0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from toolkit.findings import Finding, Location
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.yaml_dialects import GO_YAML_3
from toolkit.prometheus.templates import template_fault

_GROUP = frozenset({"name", "interval", "query_offset", "limit", "labels", "rules"})
_RULE = frozenset({"record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations"})
_OTHERS = frozenset(
    {
        "partial_response_strategy",
        "source_tenants",
        "align_evaluation_time_on_interval",
        "concurrency",
        "type",
        "params",
        "headers",
        "notifier_headers",
        "tenant",
        "debug",
        "eval_offset",
        "eval_delay",
        "eval_alignment",
        "update_entries_limit",
    }
)
"""Keys of other programs with the same files: Thanos, Mimir, vmalert."""

_ALERTS_ONLY = ("for", "keep_firing_for", "annotations")
_DURATION = re.compile(r"0|(?=.)(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?", re.ASCII)


@dataclass(slots=True)
class RuleFile:
    """One text, and all its faults."""

    source: str
    text: str
    faults: list[Finding]

    @classmethod
    def of(cls, text: str, source: str) -> RuleFile:
        """Return a file that is not parsed yet."""
        return cls(source, text, [])

    def rules(self) -> Iterator[tuple[PositionedNode, Mapping[str, PositionedNode]]]:
        """Yield the node and the entries of each valid rule; fills ``faults``."""
        found, faults = read_documents(self.text, self.source, GO_YAML_3, what="the file")
        self.faults += faults
        for document in found:
            whole = PositionedNode(document)
            entries = self.entries(whole, "a rule file")
            if "kind" in entries:
                spec = entries.get("spec") if _text(entries["kind"]) == "PrometheusRule" else None
                entries = self.entries(spec, "a `spec:`")
            else:
                self._check_keys(entries, frozenset({"groups"}))
            for path, where in document.duplicates if entries else ():
                self._refuse(where, f"duplicate key `{path[-1]}`", "keep one.")
            yield from self._groups(entries.get("groups"))

    def _groups(
        self, node: PositionedNode | None
    ) -> Iterator[tuple[PositionedNode, Mapping[str, PositionedNode]]]:
        names = Counter[str]()
        for group in self._items(node, "`groups:`"):
            entries = self.entries(group, "a group")
            self._check_keys(entries, _GROUP)
            self._check_duration(entries, "interval")
            name = _text(entries.get("name"))
            names[name] += 1
            if not name or names[name] > 1:
                what = f"two groups have the name `{name}`" if name else "a group has no name"
                self.report(group, what, "give it a `name:` of its own.")
            for rule in self._items(entries.get("rules"), "`rules:`"):
                found = self.entries(rule, "a rule")
                if self._is_rule(rule, found):
                    yield rule, found

    def _is_rule(self, node: PositionedNode, entries: Mapping[str, PositionedNode]) -> bool:
        named = [key for key in ("alert", "record") if _text(entries.get(key))]
        self._check_keys(entries, _RULE)
        for key in ("for", "keep_firing_for"):
            self._check_duration(entries, key)
        self._check_labels(entries.get("labels"))
        if len(named) != 1 or not _text(entries.get("expr")):
            what = "a rule is an alert and a recording at once"
            what = what if len(named) == 2 else "a rule without a name or without an expression"
            self.report(node, what, "give it one of `alert:` and `record:`, and `expr:`.")
            return False
        for key in ("labels", "annotations") if named == ["alert"] else ():
            self._check_templates(entries.get(key))
        for key in _ALERTS_ONLY if named == ["record"] else ():
            if key in entries:
                self.report(entries[key], f"a recording rule has `{key}:`", f"remove `{key}:`.")
        return True

    def _check_keys(self, entries: Mapping[str, PositionedNode], known: frozenset[str]) -> None:
        for key, node in entries.items():
            if key not in known | _OTHERS:
                near = get_close_matches(key, sorted(known), n=1)
                otherwise = f"the keys here are {', '.join(sorted(known))}."
                fix = f"did you mean `{near[0]}`?" if near else otherwise
                self.report(node, f"`{key}` is not a key of a rule file here", fix)

    def _check_duration(self, entries: Mapping[str, PositionedNode], key: str) -> None:
        text = _text(entries.get(key)) if key in entries else "0"
        if not _DURATION.fullmatch(text):
            fix = "write it as a whole number and its unit, such as `90s` or `1h30m`."
            self.report(entries[key], f"`{key}: {text}` is not a duration", fix)

    def _check_labels(self, node: PositionedNode | None) -> None:
        for name, value in self.entries(node, "`labels:`").items():
            if name == "__name__":
                self.report(value, "a rule sets the label `__name__`", "name it by `record:`.")

    def _check_templates(self, node: PositionedNode | None) -> None:
        for value in node.values() if node is not None else ():
            if fault := template_fault(value.raw):
                what, fix = fault
                self.report(value, f"{what} in the template of `{value.path[-1]}`", fix)

    def entries(self, node: PositionedNode | None, what: str) -> dict[str, PositionedNode]:
        """Return the entries of a mapping; a missing value has none, any other is a fault."""
        return {str(key): value for key, value in self._parts(node, what, dict, "a mapping")}

    def _items(self, node: PositionedNode | None, what: str) -> list[PositionedNode]:
        return [value for _, value in self._parts(node, what, list, "a list")]

    def _parts(
        self, node: PositionedNode | None, what: str, kind: type, wanted: str
    ) -> Iterator[tuple[str | int, PositionedNode]]:
        if node is None or node.value is None:
            return iter(())
        if not isinstance(node.value, kind):
            self.report(node, f"{what} is not {wanted}", f"write it as {wanted}.")
            return iter(())
        return node.items()

    def report(self, node: PositionedNode, what: str, fix: str) -> None:
        """Record a fault for which Prometheus rejects the file.

        Args:
            node: Its place.
            what: The fault.
            fix: One thing to do.
        """
        self._refuse(node.locate(), what, fix)

    def _refuse(self, where: Location, what: str, fix: str) -> None:
        self.faults.append(Finding(what, where, "Prometheus rejects the whole file", fix))


def _text(node: PositionedNode | None) -> str:
    return "" if node is None or node.value is None else node.raw
