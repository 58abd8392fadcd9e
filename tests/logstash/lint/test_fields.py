"""Fields that are read, and that nothing writes."""

from __future__ import annotations

import pytest

from tests.logstash.config import parsed
from toolkit.logstash.filters import Context
from toolkit.logstash.lint.all import lint

CONTEXT = Context(
    clock=lambda: 0,
    read_file=lambda name: b"PAIR %{WORD:left}=%{WORD:[right][side]}\n",
    list_files=lambda glob: ["patterns/own"],
)
GROK = 'grok { match => { "message" => "%{WORD:word} %{INT:number:int} %{NOTSPACE:parts}" } } '


def unwritten(text: str, before: str = "input { stdin { } } ") -> list[str]:
    """The names that are said to be read, and written by no filter."""
    found = lint(parsed(f"{before}filter {{ {text} }}"), CONTEXT)
    said = (each.finding.what.partition(" is read, and no filter writes it") for each in found)
    return [name.strip("`") for name, hit, _ in said if hit]


@pytest.mark.parametrize(
    ("filters", "read"),
    [
        ('split { field => "parts" target => "part" }', "[part]"),
        ('date { match => ["word", "ISO8601"] target => "seen_at" }', "[seen_at]"),
        ('mutate { rename => ["word", "b"] }', "[b]"),
        ('mutate { rename => { "word" => "b" } rename => { "number" => "c" } }', "[c]"),
        (
            'mutate { copy => { "word" => "[a][b]" } } mutate { rename => { "[a]" => "z" } }',
            "[z][b]",
        ),
        ('mutate { merge => ["words", "word"] }', "[words]"),
        ('mutate { replace => ["wording", "%{word}"] }', "[wording]"),
        ('mutate { update => { "wording" => "%{word}" } }', "[wording]"),
        ('mutate { add_field => { "[@metadata][words]" => "x" } }', "[@metadata][words]"),
        ('mutate { add_field => { "%{word}_count" => "x" } }', "[word_count]"),
        ('mutate { add_field => ["words", "x"] }', "[words]"),
        ('mutate { rename => { "word" => "[probe][%{number}]" } }', "[probe][dns][rtt]"),
        ('mutate { rename => { "word" => "words" } remove_field => ["words"] }', "[words]"),
        ('mutate { remove_field => ["word"] }', "[word]"),
        ('drop { percentage => 1 add_field => { "words" => "x" } }', "[words]"),
        ('json { source => "parts" target => "doc" }', "[doc][any][thing]"),
        ('json { source => "parts" }', "[words]"),
        ('kv { source => "parts" }', "[words]"),
        ('kv { source => "parts" prefix => "kv_" }', "[kv_words]"),
        ('kv { source => "parts" target => "kv" }', "[kv][word]"),
        ('kv { source => "parts" include_keys => ["words"] }', "[words]"),
        ('kv { include_keys => ["a"] default_keys => { "words" => "x" } }', "[words]"),
        ('csv { source => "parts" columns => ["words", "more"] }', "[words]"),
        ('csv { source => "parts" columns => ["words"] target => "row" }', "[row][words]"),
        ('csv { source => "parts" }', "[column12]"),
        ('csv { source => "parts" autodetect_column_names => true }', "[words]"),
        ('dissect { mapping => ["parts", "%{words->} %{+more} %{?no}"] }', "[words]"),
        ('dissect { mapping => { "parts" => "%{a} %{&a}" } }', "[words]"),
        ('dissect { mapping => { "parts" => "%{[words][0]}" } }', "[words]"),
        ('translate { source => "word" target => "words" dictionary => ["a", "b"] }', "[words]"),
        (
            'translate { source => "w" iterate_on => "list" target => "t" dictionary => [] }',
            "[list][t]",
        ),
        ('useragent { source => "parts" target => "ua" }', "[ua][os][name]"),
        ('useragent { source => "parts" }', "[user_agent][device][name]"),
        ('useragent { source => "parts" ecs_compatibility => disabled prefix => "p_" }', "[p_os]"),
        ('syslog_pri { }', "[log][syslog][severity][name]"),
        ('syslog_pri { ecs_compatibility => disabled }', "[syslog_severity]"),
        ('clone { clones => ["words"] ecs_compatibility => disabled }', "[type]"),
        ('de_dot { fields => ["wor.ds"] }', "[wor_ds]"),
        ('de_dot { fields => ["wor.ds"] nested => true }', "[wor][ds]"),
        ('de_dot { }', "[wor_ds]"),
        ('uuid { target => "words" }', "[words]"),
        ('fingerprint { source => "word" target => "words" }', "[words]"),
        ('fingerprint { source => "word" }', "[event][hash]"),
        (
            'xml { source => "parts" store_xml => false xpath => ["/a/text()", "words"] }',
            "[words]",
        ),
        ('xml { source => "parts" target => "words" }', "[words][0][a]"),
        ('geoip { source => "[client][ip]" }', "[client][geo][country_iso_code]"),
        ('geoip { source => "word" target => "words" }', "[words][geo]"),
        ('dns { resolve => ["words"] }', "[words]"),
        ('math { calculate => [["+", "number", "number", "numbers"]] }', "[numbers]"),
        (
            'elapsed { start_tag => "a" end_tag => "b" unique_id_field => "word" }',
            "[elapsed_time]",
        ),
        ('memcached { get => { "%{word}" => "words" } }', "[words]"),
        ('range { ranges => ["number", 0, 9, "field:numbers:few"] }', "[numbers]"),
        ('extractnumbers { }', "[int1]"),
        ('metrics { meter => "words" }', "[words][count]"),
        ('ruby { code => "event.set(1)" }', "[words]"),
        ('aggregate { task_id => "%{word}" code => "1" }', "[words]"),
        ('elastic_integration { }', "[words]"),
        (
            'grok { patterns_dir => ["own"] match => { "message" => "%{PAIR}" } }',
            "[right][side]",
        ),
        ('grok { patterns_dir => "/not/here" match => ["message", "%{X}"] }', "[words]"),
        (
            'grok { match => { "message" => "%{COMBINEDAPACHELOG}" } }',
            "[http][response][status_code]",
        ),
        (
            'grok { ecs_compatibility => disabled match => ["message", "%{COMBINEDAPACHELOG}"] }',
            "[response]",
        ),
        (
            'grok { pattern_definitions => { "P" => "%{INT:numbers}" } match => ["m", "%{P}"] }',
            "[numbers]",
        ),
        ('grok { match => { "message" => "(?<words>x)" } }', "[words]"),
        ('grok { match => { "message" => "%{INT:[a][numbers]:int}" } }', "[a][numbers]"),
        ('grok { match => ["message", "%{INT:numbers}"] }', "[numbers]"),
        ('grok { match => { "message" => "%{INT:numbers}" } target => "t" }', "[t][numbers]"),
        (
            'grok { named_captures_only => false match => { "message" => "%{INT}" } }',
            "[INT]",
        ),
        ('if [word] == "x" { mutate { add_field => { "words" => "x" } } }', "[words]"),
        (
            'truncate { fields => ["words"] length_bytes => 1 add_field => { "wordy" => "1" } }',
            "[wordy]",
        ),
    ],
)  # fmt: skip
def test_what_a_filter_writes(filters: str, read: str) -> None:
    assert unwritten(f"{GROK} {filters} if {read} {{ }}") == []


def test_what_another_field_is_made_of_is_no_misspelling() -> None:
    assert unwritten('if [items] { split { field => "items" target => "item" } }') == []


@pytest.mark.parametrize(
    "filters",
    [
        """
        csv { columns => ["when", "reason_1", "reason_2"] }
        mutate { add_field => { "reason" => "%{reason_1}" } }
        if [reason_2] and [reason_2] != "-" { mutate { merge => ["reason", "reason_2"] } }
        """,
        """
        json { source => "message" }
        if [Message] { mutate { add_field => { "short_message" => "%{Message}" } } }
        if [respond_ip_bytes] == "-" { mutate { remove_field => ["respond_ip_bytes"] } }
        mutate { add_field => { "respond_bytes" => "0" } }
        """,
        """
        dissect { mapping => { "message" => "%{[cols][uid]} %{[cols][rtt]}" } }
        mutate { add_field => { "[kind]" => "dns" } }
        mutate { rename => { "[cols]" => "[probe][%{[kind]}]" } }
        if [probe][dns][rtt] {
          mutate { rename => { "[probe][dns][rtt]" => "[probe][dns][rtt_ms]" } }
        }
        """,
    ],
)
def test_configurations_in_use(filters: str) -> None:
    assert lint(parsed(f"filter {{ {filters} }}"), CONTEXT) == ()


@pytest.mark.parametrize(
    ("filters", "name"),
    [
        ('csv { columns => ["status_code", "host_name"] } if [status_cod] { }', "[status_cod]"),
        (f"{GROK} if [nunber] {{ }}", "[nunber]"),
        (
            f'{GROK} mutate {{ rename => {{ "word" => "phrase" }} }} if [phrases] {{ }}',
            "[phrases]",
        ),
        (f'{GROK} json {{ source => "parts" target => "doc" }} if [dock] {{ }}', "[dock]"),
        (f"{GROK} if [elsewhere] {{ }}", "[elsewhere]"),
        (
            'dissect { mapping => { "message" => "%{verb} %{path_of}" } } if [pathof] { }',
            "[pathof]",
        ),
        (f'{GROK} kv {{ source => "parts" prefix => "kv_" }} if [key_words] {{ }}', "[key_words]"),
        (
            f'{GROK} mutate {{ add_field => {{ "%{{word}}_x" => "1" }} }} if [word_y] {{ }}',
            "[word_y]",
        ),
        ('grok { match => { "message" => "%{INT:n:int}" } target => "http" } if [n] { }', "[n]"),
    ],
)  # fmt: skip
def test_what_no_filter_writes(filters: str, name: str) -> None:
    assert unwritten(filters) == [name]


@pytest.mark.parametrize(
    "before",
    [
        'input { stdin { add_field => { "words" => "x" } } } ',
        'input { stdin { codec => json } } ',
        'input { stdin { codec => json { target => "words" } } } ',
        'input { pipeline { address => "a" } } ',
        "input { http { } } ",
        'input { generator { } } filter { mutate { add_field => { "words" => "x" } } } ',
    ],
)  # fmt: skip
def test_what_an_input_brings(before: str) -> None:
    assert unwritten(f"{GROK} if [words] {{ }}", before) == []


def test_a_pattern_of_an_input_is_no_field() -> None:
    codec = 'codec => multiline { pattern => "^%{TIMESTAMP_ISO8601}" what => previous }'
    assert unwritten(GROK, f'input {{ file {{ path => "x" {codec} }} }} ') == []


@pytest.mark.parametrize(
    ("filters", "condition", "form"),
    [
        (GROK, '[number] == "5"', "a number"),
        (GROK, "[parts] == 5", "text"),
        ('dissect { mapping => { "message" => "%{a}" } }', "[a] == 5", "text"),
        (
            'dissect { mapping => { "message" => "%{a}" } convert_datatype => { "a" => "int" } }',
            '[a] == "5"',
            "a number",
        ),
        (f'{GROK} mutate {{ rename => {{ "number" => "n" }} }}', '[n] == "5"', "a number"),
        (f'{GROK} mutate {{ gsub => ["word", "a", "b"] }}', "[word] == 5", "text"),
        (f'{GROK} mutate {{ convert => {{ "word" => "integer" }} }}', '[word] == "5"', "a number"),
        ('csv { columns => ["a", "b"] convert => { "b" => "float" } }', "[a] == 5", "text"),
        ('csv { columns => ["a", "b"] convert => { "b" => "float" } }', '[b] == "5"', "a number"),
    ],
)
def test_what_a_field_holds_where_it_is_compared(filters: str, condition: str, form: str) -> None:
    text = f"filter {{ {filters} if {condition} {{ }} }}"
    (found,) = lint(parsed(text), CONTEXT)
    assert f"holds {form}," in found.finding.what


@pytest.mark.parametrize(
    "text",
    [
        f'{GROK} if [number] == 5 {{ }} mutate {{ convert => {{ "number" => "string" }} }}',
        f'{GROK} mutate {{ convert => {{ "number" => "string" }} }} if [number] == "5" {{ }}',
        f'{GROK} if [word] {{ mutate {{ convert => ["word", "integer"] }} }} if [word] == 5 {{ }}',
        f'{GROK} json {{ source => "parts" }} if [word] == 5 {{ }}',
        f'{GROK} mutate {{ split => {{ "word" => "," }} }} if [word] == 5 {{ }}',
    ],
)  # fmt: skip
def test_what_a_field_may_hold_where_it_is_compared(text: str) -> None:
    assert lint(parsed(f"filter {{ {text} }}"), CONTEXT) == ()
