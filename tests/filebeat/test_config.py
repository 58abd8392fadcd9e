"""What is read of a Filebeat configuration, and what is refused by name."""

from __future__ import annotations

import pytest

from toolkit.errors import InputError, Unsupported
from toolkit.filebeat.config import Input, parse_inputs
from toolkit.filebeat.reading import messages


def read(options: str) -> Input:
    text = "filebeat.inputs:\n- type: filestream\n" + "".join(
        f"  {line}\n" for line in options.splitlines()
    )
    found, *_ = parse_inputs(text, source="filebeat.yml")
    return found


JOINING = """\
multiline:
  pattern: '^\\d{4}-'
  negate: true
  match: after"""

SPELLINGS = {
    "a parser": "parsers:\n- " + JOINING.replace("\n", "\n    ").replace("    multi", "multi"),
    "an option": JOINING,
    "dotted": "multiline.pattern: '^\\d{4}-'\nmultiline.negate: true\nmultiline.match: after",
    "a class of POSIX": JOINING.replace("\\d", "[[:digit:]]"),
}


@pytest.mark.parametrize("options", SPELLINGS.values(), ids=SPELLINGS)
def test_multiline_is_read_however_it_is_spelt(options: str) -> None:
    text = "2026- a\n b\n2027- c\n"
    assert [m.text for m in messages(text, read(options))] == ["2026- a\n b", "2027- c"]


def test_the_first_enabled_inputs_are_read_nested_or_dotted() -> None:
    nested = "filebeat:\n  inputs:\n  - {paths: [a], enabled: false}\n  - {paths: [b]}\n"
    assert [each.paths for each in parse_inputs(nested, source="f")] == [("b",)]
    several = "kind: ConfigMap\n---\nfilebeat.inputs: [{paths: [c]}]\n--- \n- 1\n"
    assert [each.paths for each in parse_inputs(several, source="f")] == [("c",)]


def test_fields_and_tags_are_added_to_each_event() -> None:
    nested = read("fields: {a: 1}\ntags: [x]").event()
    assert (nested["fields"], nested["tags"]) == ({"a": 1}, ["x"])
    rooted = read("fields: {a: 1}\nfields_under_root: true").event()
    assert rooted["a"] == 1
    assert "fields" not in rooted


def test_the_origin_is_told_and_a_name_of_the_host_may_replace_it() -> None:
    added = read("type: filestream\npaths: [/var/log/a.log]").event()
    assert added["input"] == {"type": "filestream"}
    assert added["log"]["file"] == {"path": "/var/log/a.log"}
    assert isinstance(added["host"], dict)
    assert read("fields: {host: web-1}\nfields_under_root: true").event()["host"] == "web-1"
    assert Input().event() == {}


def test_a_carriage_return_belongs_to_the_line_end() -> None:
    assert [m.text for m in messages("a\r\nb\rc\r\n", read("id: x"))] == ["a", "b\rc"]
    kept = read("line_terminator: line_feed")
    assert [m.text for m in messages("a\r\n", kept)] == ["a\r"]
    assert [m.text for m in messages("a\r\n", Input())] == ["a\r"]


def test_lines_are_chosen_after_they_are_joined() -> None:
    chosen = read(JOINING + "\ninclude_lines: ['ERROR', 'WARN']\nexclude_lines: ['secret']")
    text = "2026- INFO\n2026- x\n ERROR\n2026- WARN\n secret\n2026- WARN\n"
    assert [m.text for m in messages(text, chosen)] == ["2026- x\n ERROR", "2026- WARN"]


REFUSED = {
    "parsers: [{ndjson: {}}]": "parser `ndjson`",
    "parsers: [{container: ~}]": "parser `container`",
    "multiline: {type: count, count_lines: 3}": "multiline type `count`",
    "multiline: {type: while_pattern, pattern: x}": "multiline type `while_pattern`",
    "multiline: {pattern: '\\pL', match: after}": "expression `\\pL`",
    "json.keys_under_root: true": "option `json`",
    "encoding: utf-16le": "encoding `utf-16le`",
    "line_terminator: null_terminator": "line terminator `null_terminator`",
    "processors: [{drop_event: {when.contains: {message: x}}}]": "processor `drop_event`",
}


@pytest.mark.parametrize(("options", "name"), REFUSED.items(), ids=REFUSED)
def test_what_changes_lines_and_is_not_emulated_is_refused_by_name(
    options: str, name: str
) -> None:
    with pytest.raises(Unsupported) as raised:
        read(options)
    assert name in raised.value.finding.what


def test_processors_that_only_add_are_accepted() -> None:
    adding = read("processors: [{add_host_metadata: ~}, {add_fields: {fields: {a: 1}}}]")
    assert adding == read("id: x")


INVALID = {
    "multiline: {pattern: x}": "`multiline` needs a `pattern`",
    "multiline: {match: after}": "`multiline` needs a `pattern`",
    "paths: [a": "not valid YAML",
}


@pytest.mark.parametrize(("options", "what"), INVALID.items(), ids=INVALID)
def test_what_filebeat_would_not_start_with_is_an_error(options: str, what: str) -> None:
    with pytest.raises(InputError) as raised:
        read(options)
    assert what in raised.value.finding.what


@pytest.mark.parametrize("text", ["filebeat.inputs: [", "filebeat.inputs: \x07"])
def test_a_text_that_is_no_yaml_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_inputs(text, source="filebeat.yml")
    assert raised.value.finding.what == "the Filebeat configuration is not valid YAML"
