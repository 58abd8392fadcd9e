"""The page of the contract: every key with its type, default, meaning and an example."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from toolkit.contract import json_schema

EXAMPLE = Path(__file__).with_name("contract.yml")
_HEAD = """\
# The contract: every key

{made}
A contract is a `toolkit.yml`. Every section is optional; paths are relative to its folder; an
unknown key is an error. `toolkit init` writes a first one, `toolkit schema` prints this form as a
JSON Schema for editors.

The examples are those of one whole contract, [contract.yml](contract.yml). A single item may
stand for a list of one. A *bound* is `<` or `<=` with a number and a unit: `< 250 ms`, `<= 1 %`.
"""
_Form: TypeAlias = Mapping[str, Any]


def contract(made: str) -> str:
    """Write the page; ``made`` is the note that it is generated."""
    example = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    return "\n".join([_HEAD.format(made=made), *_section((), json_schema(), [example])])


def _section(path: tuple[str, ...], form: _Form, examples: list[Any]) -> Iterator[str]:
    """The table of one mapping, then those of the mappings in it."""
    if path:
        yield f"## `{'.'.join(path)}`\n"
        yield f"{form['description'].replace('``', '`')}\n"
    yield "| key | type | default | example | meaning |"
    yield "|---|---|---|---|---|"
    below = []
    for name, value in form["properties"].items():
        found = [each[name] for each in examples if isinstance(each, dict) and name in each]
        assert found, f"{EXAMPLE.name} has no example of {'.'.join((*path, name))}"
        inner, step = _inner(value)
        if inner:
            below.append(((*path, f"{name}{step}"), inner, _below(found, step)))
        shown = "below" if inner else f"`{_yaml(found[0])}`"
        default = "required" if name in form["required"] else _default(value)
        yield f"| `{name}` | {_type(value)} | {default} | {shown} | {value['description']} |"
    yield ""
    for each in below:
        yield from _section(*each)


def _inner(form: _Form) -> tuple[_Form | None, str]:
    """The form of the mappings that a value holds, and how one of them is reached."""
    for each in sorted(form.get("anyOf", ()), key=lambda option: "items" not in option):
        found, step = _inner(each)
        if found:
            return found, step
    if "$ref" in form:
        found = json_schema()["$defs"][form["$ref"].rpartition("/")[2]]
        return found, ""
    if isinstance(form.get("items"), dict):
        return _inner(form["items"])[0], "[]"
    if isinstance(form.get("additionalProperties"), dict):
        return _inner(form["additionalProperties"])[0], ".*"
    return None, ""


def _below(values: list[Any], step: str) -> list[Any]:
    if step == "[]":
        return [item for value in values for item in value]
    return [item for value in values for item in value.values()] if step else values


_KINDS = {"string": "text", "boolean": "true or false", "object": "mapping"}


def _type(form: _Form) -> str:
    if "anyOf" in form:
        kinds = [_type(each) for each in form["anyOf"] if each.get("type") != "null"]
        # One item may stand for a list of them: that is said once, above.
        lists = [each for each in kinds if each.startswith("list of ")]
        return lists[0] if lists else " or ".join(kinds)
    if "enum" in form or "const" in form:
        return ", ".join(f"`{each}`" for each in form.get("enum") or [form["const"]])
    if "pattern" in form:
        return "bound"
    if form.get("type") == "array":
        return f"list of {_items(form)}" if "items" in form else "two numbers"
    kind = form.get("type", "object")
    return "date" if "format" in form else _KINDS.get(kind, str(kind))


def _items(form: _Form) -> str:
    kinds = _type(form["items"]).split(" or ") if form["items"] else ["value"]
    return " or ".join(f"{each}s" for each in kinds)


def _default(form: _Form) -> str:
    value = form.get("default")
    return "–" if value in (None, [], {}, "") else f"`{json.dumps(value, ensure_ascii=False)}`"


def _yaml(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=1000, allow_unicode=True)
    return text.removesuffix("...\n").strip().replace("|", "\\|")
