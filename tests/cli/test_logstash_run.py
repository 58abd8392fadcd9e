"""``toolkit logstash run`` prints what real Logstash made of the recorded lines."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.conformance import NOW, RECORDINGS, read_printed, same
from tests.conformance.pipelines import START, Recording, find_recordings
from tests.waiting import PATIENCE
from toolkit.cli import main

RUNS = [each for name in ("pipelines", "crash") for each in find_recordings(RECORDINGS / name)]
DEADLY = {"compare_two_fields", "in_list_null_left", "tai64n_short"}


def run(*arguments: str, lines: str = "", **environment: str) -> Result:
    command = ["logstash", "run", *arguments]
    return CliRunner().invoke(
        main, command, input=lines, env={**environment, "TOOLKIT_RAISE": "1"}
    )


def arguments(recording: Recording) -> list[str]:
    source = next(recording.folder.glob("input.*"))
    settings = recording.settings.get("settings", {})
    codec = "plain" if source.suffix == ".log" else "json"
    return [
        str(recording.folder / "pipeline.conf"),
        *("--input", str(source), "--codec", codec),
        *("--now", str(NOW), "--timestamp", str(START)),
        *("--ecs", settings.get("pipeline.ecs_compatibility", "v8")),
        *(["--support-escapes"] if settings.get("config.support_escapes") else []),
    ]


def events(printed: str) -> list[Any]:
    return [read_printed(line) for line in printed.replace(str(NOW), "<NOW>").splitlines()]


def flat(results: list[Any]) -> list[Any]:
    return [
        event
        for result in results
        for event in (result if isinstance(result, list) else [result])
        if event is not None
    ]


@pytest.mark.parametrize("recording", RUNS, ids=lambda each: each.folder.name)
def test_recorded_pipelines(recording: Recording) -> None:
    result = run(*arguments(recording), **recording.settings.get("env", {}))
    printed, expected = events(result.stdout), flat(recording.expected)
    assert len(printed) == len(expected), result.stderr
    for mine, theirs in zip(printed, expected, strict=True):
        assert same(mine, theirs)
    assert result.exit_code == (recording.folder.name in DEADLY), result.stderr


@pytest.mark.parametrize(
    "recording",
    [each for each in RUNS if each.expected_metadata is not None],
    ids=lambda each: each.folder.name,
)
def test_recorded_metadata(recording: Recording) -> None:
    result = run(*arguments(recording), "--metadata", **recording.settings.get("env", {}))
    printed = [event["@metadata"] for event in events(result.stdout)]
    assert all(map(same, printed, flat(recording.expected_metadata or [])))
    assert len(printed) == len(flat(recording.expected))


@pytest.mark.parametrize("recording", RUNS[::20], ids=lambda each: each.folder.name)
def test_as_a_process_of_its_own(recording: Recording) -> None:
    command = [sys.executable, "-m", "toolkit", "logstash", "run", *arguments(recording)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert [*map(same, events(done.stdout), flat(recording.expected))]
    assert all(map(same, events(done.stdout), flat(recording.expected)))


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    path = tmp_path / "pipeline.conf"
    path.write_text("filter { }")
    return path


def test_metadata_comes_in_with_json_and_is_shown_on_request(conf: Path) -> None:
    line = '{"@metadata": {"beat": "x"}, "a": 1}\n'
    shown = run(str(conf), "--codec", "json", "--metadata", lines=line)
    assert json.loads(shown.stdout)["@metadata"] == {"beat": "x"}
    hidden = run(str(conf), "--codec", "json", lines=line)
    assert "@metadata" not in json.loads(hidden.stdout)


def test_lines_end_at_a_line_feed_and_nowhere_else(conf: Path) -> None:
    result = run(str(conf), lines="a\r\n\x0b\u2028\n\nlast")
    assert [json.loads(line)["message"] for line in result.stdout.split("\n")[:-1]] == [
        "a\r",
        "\x0b\u2028",
        "",
        "last",
    ]


def test_what_dies_takes_its_batch_along_and_no_other(conf: Path) -> None:
    conf.write_text('filter { date { match => ["message", "TAI64N"] } }')
    good = "@4000000052f88ea32489532c\n"
    result = run(str(conf), lines=good * 130 + "short\n" + good * 5)
    assert len(result.stdout.splitlines()) == 125
    assert result.exit_code == 1
    assert "standard input:131" in result.stderr


def test_events_that_a_filter_may_lose_are_not_printed(conf: Path) -> None:
    conf.write_text('filter { if [message] == "b" { ruby { code => "event.cancel" } } }')
    result = run(str(conf), lines="a\nb\nc\n")
    assert [json.loads(line)["message"] for line in result.stdout.splitlines()] == ["a", "c"]
    assert result.exit_code == 3
    assert f"{conf}:1:32" in result.stderr
    assert "standard input:2" in result.stderr


def test_fields_that_a_filter_may_write_are_listed_and_not_printed(conf: Path) -> None:
    conf.write_text(
        'filter { geoip { source => "[a][ip]" target => "g" ecs_compatibility => disabled }\n'
        'mutate { add_field => { "city" => "%{[g][city]}" "kept" => "%{message}" } } }\n'
    )
    result = run(str(conf), lines="x\ny\n")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    unknown = ["[g]", "[tags][_geoip_lookup_failure]", "[city]", "[kept]", "[tags][_mutate_error]"]
    assert [(event["message"], event["@unknown"]) for event in events] == [
        ("x", unknown),
        ("y", unknown),
    ]
    assert not {"g", "city", "kept", "tags"} & set(events[0])
    assert result.exit_code == 3
    assert result.stderr.count("the filter `geoip` is not emulated\n") == 1
    told = f"2 events have unknown fields: the filter `geoip` is not emulated ({conf}:1:10)\n"
    assert result.stderr.endswith(told)


@pytest.mark.parametrize("name", ["geoip", "where", "pipeline.conf:2"])
def test_a_stand_in_takes_the_place_of_a_filter(name: str, conf: Path) -> None:
    conf.write_text('filter {\n geoip { id => "where" source => "ip" }\n}')
    given = f'{{"{name}": {{"[geo][city]": Recife, message: null}}}}'
    result = run(str(conf), "--stand-ins", given, lines="x\n")
    event = json.loads(result.stdout)
    assert (event["geo"], "message" in event, result.exit_code) == ({"city": "Recife"}, False, 0)
    assert "a stand-in takes the place of `geoip`" in result.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{geopi: {a: 1}}", "did you mean `geoip`?"),
        ("geoip", "names no fields of filters"),
        ("{", "is not valid YAML"),
        ('{geoip: {"[a": 1}}', "the stand-in for `geoip` is impossible: `[a` is no field"),
        ('{geoip: {"": 1}}', "`` is no field reference"),
        ('{geoip: {"@timestamp": foo}}', "`@timestamp` cannot be set: `foo` is not"),
        ("{geoip: {tags: 5}}", "`tags` cannot be set"),
        ('{geoip: {"[a]": 1, "[a][b]": 2}}', "`[a][b]` cannot be set"),
    ],
)
def test_a_stand_in_that_is_none(given: str, said: str, conf: Path) -> None:
    conf.write_text('filter { geoip { source => "[a][ip]" } }')
    result = run(str(conf), "--stand-ins", given, lines="x\n")
    assert (result.exit_code, said in " ".join(result.stderr.split())) == (2, True)


@pytest.mark.parametrize("here", [".", ".."])
def test_a_pipeline_of_a_contract_has_its_mode_and_its_stand_ins(
    here: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    grok = 'grok { match => { "message" => "%{COMMONMAC:mac} %{SYSLOGPROG}" } }'
    (tree / "one.conf").write_text(f"filter {{ {grok} }}")
    (tree / "two.conf").write_text('filter { geoip { source => "[x][ip]" } }')
    (tree / "toolkit.yml").write_text(
        'logs: [{pipeline: "*.conf", ecs_compatibility: disabled,'
        " stand_ins: {geoip: {geoip: {c: BR}}}}]"
    )
    monkeypatch.chdir(tree / here)
    both = [str((tree / each).relative_to(Path.cwd())) for each in ("one.conf", "two.conf")]
    line = "00:11:22:33:44:55 sshd[7]\n"
    event = json.loads(run(*both, lines=line).stdout)
    assert (event["program"], event["geoip"]) == ("sshd", {"c": "BR"})
    event = json.loads(run(*both, "--ecs", "v8", lines=line).stdout)
    assert event["process"] == {"name": "sshd", "pid": 7}
    part = run(both[0], lines=line)
    assert (part.exit_code, json.loads(part.stdout)["program"]) == (0, "sshd")


def test_a_stand_in_sets_the_time_of_an_event(conf: Path) -> None:
    conf.write_text('filter { ruby { path => "set.rb" } }')
    given = '{ruby: {"@timestamp": "2026-01-10T00:45:12+01:00"}}'
    result = run(str(conf), "--stand-ins", given, lines="x\n")
    assert json.loads(result.stdout)["@timestamp"] == "2026-01-09T23:45:12.000Z"
    assert (result.exit_code, "warning" in result.stderr) == (0, False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{mutate: {a: 1}, geoip: {}}", "the stand-in for `mutate` is not used"),
        ("{where: {}, geoip: {}}", "the stand-in for `geoip` is not used"),
        ('{geoip: {"[geo][geo][city]": x, "[goe]": x}}', "sets `[goe]`, which the filter cannot"),
        ('{geoip: {"[geo][mmbd]": x}}', "did you mean `[geo][mmdb]`?"),
        ('{geoip: {"[geo][city_name]": x}}', "fix state only what the filter writes."),
    ],
)
def test_a_stand_in_that_cannot_be_meant(given: str, said: str, conf: Path) -> None:
    geoip = 'geoip { id => "where" source => "[a][ip]" target => "geo" }'
    conf.write_text(f"filter {{ mutate {{ }} {geoip} }}")
    result = run(str(conf), "--stand-ins", given, lines="x\n")
    told = " ".join(result.stderr.split())
    assert (result.exit_code, told.count("! warning"), said in told) == (0, 1, True), told


def test_the_fix_of_a_filter_that_is_not_emulated_can_be_typed(conf: Path) -> None:
    conf.write_text('filter { fingerprint { } ruby { code => "event.set(name, 1)" } }')
    result = run(str(conf), lines="x\n")
    snippets = re.findall(r"`stand_ins: (\{.*?\})` in", " ".join(result.stderr.split()))
    assert len(snippets) == 2
    both = "{" + ", ".join(each[1:-1] for each in snippets) + "}"
    assert run(str(conf), "--stand-ins", both, lines="x\n").exit_code == 0


def test_a_lost_event_is_told_once_in_full_and_then_counted(conf: Path) -> None:
    conf.write_text("filter { if [n] > 1 { } }")
    result = run(str(conf), lines="a\nb\nc\n")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert result.stderr.count("a missing field has no order") == 1
    assert f"{conf}:1:13: 3 events\n" in result.stderr


def test_files_of_a_folder_are_one_pipeline_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "2.conf").write_text('mutate { replace => { "message" => "%{message}2" } } }')
    (tmp_path / "1.conf").write_text('filter { mutate { replace => { "message" => "1" } }')
    (tmp_path / "old.conf~").write_text("nonsense")
    for path in (tmp_path, tmp_path / "[12].conf"):
        assert json.loads(run(str(path), lines="x\n").stdout)["message"] == "12"


def test_output_goes_to_a_file(conf: Path, tmp_path: Path) -> None:
    result = run(str(conf), "--output", str(tmp_path / "out"), lines="é\n")
    assert result.stdout == ""
    assert json.loads((tmp_path / "out").read_text("utf-8"))["message"] == "é"


def test_files_that_options_name_are_found_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "patterns").mkdir()
    (tmp_path / "patterns" / "mine").write_text("MINE [a-z]+\n")
    conf = tmp_path / "pipeline.conf"
    conf.write_text(
        'filter { grok { patterns_dir => "/etc/nowhere/patterns" match => { "message" =>'
        ' "%{MINE:mine}" } } }'
    )
    assert json.loads(run(str(conf), lines="abc\n").stdout)["mine"] == "abc"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["no.conf"], 2, "there is no configuration at `no.conf`"),
        (["pipeline.conf", "--now", "soon"], 2, "`soon` is no time"),
        (["pipeline.conf", "--input", "no.log"], 2, "`no.log` cannot be read"),
        (["pipeline.conf", "--output", "no/such/file"], 2, "`no/such/file` cannot be written"),
        (["pipeline.conf", "--codec", "xml"], 2, "'xml' is not one of"),
        ([], 2, "missing argument 'CONF...'"),
    ],
)
def test_what_cannot_be_understood_is_said_in_four_parts(
    arguments: list[str], code: int, said: str, conf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(conf.parent)
    result = run(*arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert "  why  " in result.stderr
    assert "  fix  " in result.stderr


def test_a_reader_that_leaves_is_no_error(conf: Path) -> None:
    command = f"yes | {sys.executable} -m toolkit logstash run {conf} | head -n 1"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


def test_a_file_of_lines_in_the_place_of_a_configuration(conf: Path) -> None:
    conf.write_text("filter { }")
    log = conf.parent / "app.log"
    log.write_text("a line\n")
    found = run(str(conf), str(log), lines="")
    assert found.exit_code == 2
    assert f"write`--input{log}`" in "".join(found.stderr.split())
    counted = CliRunner().invoke(main, ["logstash", "coverage", str(conf), "--input", str(log)])
    assert counted.exit_code == 0, counted.output
    alone = CliRunner().invoke(main, ["logstash", "coverage", str(conf)])
    assert (alone.exit_code, "there are no lines to count with" in alone.stderr) == (2, True)
