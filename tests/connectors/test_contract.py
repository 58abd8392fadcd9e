"""What every connector promises: an answer to each leaf, recorded and replayed unchanged."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from toolkit.connectors import Connector
from toolkit.connectors.cluster.access import ClusterAccess
from toolkit.connectors.cluster.reading import LiveCluster
from toolkit.connectors.elasticsearch import ElasticsearchAccess, LiveElasticsearch
from toolkit.connectors.elasticsearch.ledger import LiveLedger
from toolkit.connectors.files import FileSystem
from toolkit.connectors.kibana import KibanaAccess, LiveKibana
from toolkit.connectors.recording import recorded, replayed
from toolkit.connectors.service import LocalService
from toolkit.errors import InputError
from toolkit.evidence.delivery.ledger import Ledger
from toolkit.evidence.elasticsearch.indices import LiveIndex
from toolkit.evidence.files import Files, FileSet
from toolkit.evidence.kibana.kibana_queries import StatusQuery
from toolkit.evidence.kubernetes.cluster import ApiQuery
from toolkit.evidence.service.traffic import ServiceRun
from toolkit.findings import Location
from toolkit.model.expectations.service import RequestExpectation, ServiceExpectation
from toolkit.model.queries import Answer, Leaf, QueryFailure

HERE = Path(__file__).parent
DECLARED = Location("toolkit.yml", 3, 5, "samples: x", 7)
START = "{python} serve.py {port} {scratch}"

LEAVES: dict[str, tuple[Connector, Leaf[Any]]] = {
    "files": (FileSystem(HERE), Files(("*.py",), DECLARED)),
    "files that are not there": (FileSystem(HERE), Files(("*.nothing",), DECLARED)),
    "a service": (
        LocalService(HERE),
        ServiceRun(
            ServiceExpectation(
                declared=DECLARED,
                start=START,
                log="app.log",
                metrics="/metrics",
                requests=(
                    RequestExpectation(declared=DECLARED, get="/"),
                    RequestExpectation(declared=DECLARED, hostile=True),
                ),
            )
        ),
    ),
    "a service that does not start": (
        LocalService(HERE),
        ServiceRun(ServiceExpectation(declared=DECLARED, start="no-such-program")),
    ),
    "an Elasticsearch that is not there": (
        LiveElasticsearch(ElasticsearchAccess("http://127.0.0.1:9")),
        LiveIndex("app-*", (), (), DECLARED),
    ),
    "a ledger of an Elasticsearch that is not there": (
        LiveLedger(ElasticsearchAccess("http://127.0.0.1:9"), HERE),
        Ledger("requests", "app-*", (), 1.0),
    ),
    "a cluster that is not there": (
        LiveCluster(ClusterAccess("nowhere", os.devnull)),
        ApiQuery(("/api/v1/namespaces/shop/pods",)),
    ),
    "a Kibana that is not there": (LiveKibana(KibanaAccess("http://127.0.0.1:9")), StatusQuery()),
}


@pytest.mark.parametrize(("connector", "leaf"), LEAVES.values(), ids=LEAVES)
def test_a_recording_answers_as_the_connector_did(
    connector: Connector, leaf: Leaf[Any], tmp_path: Path
) -> None:
    path = tmp_path / "recording.jsonl"
    (recorder,) = recorded([connector], path)
    answer = recorder.answer([leaf])[leaf]
    (replay,) = replayed(path)
    again = replay.answer([leaf])[leaf]
    assert (recorder.system, replay.system) == (leaf.system, leaf.system)
    if isinstance(answer, Answer):
        assert isinstance(again, Answer)
        assert again.origin.startswith(f"{answer.origin} (recorded ")
        again = replace(again, origin=answer.origin)
    assert again == answer
    for each in (connector, recorder, replay):
        each.close()


def test_what_was_not_recorded_has_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    (recorder,) = recorded([FileSystem(HERE)], path)
    recorder.answer([Files(("*.py",), DECLARED)])
    other = Files(("*.txt",), DECLARED)
    (replay,) = replayed(path)
    answer = replay.answer([other])[other]
    assert isinstance(answer, QueryFailure)
    assert answer.findings[0].what == "the recording holds nothing of files: `*.txt`"


@pytest.mark.parametrize("text", ["nonsense\n", "{}\n", "[1]\n", '{"system": "files"}\n'])
def test_a_file_that_is_no_recording(text: str, tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as raised:
        replayed(path)
    assert raised.value.finding.what == "the file is no recording"
    assert raised.value.finding.where.line == 1


def test_a_recording_holds_leaves_only(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    (recorder,) = recorded([FileSystem(HERE)], path)
    recorder.answer([Files(("serve.py",), DECLARED)])
    (entry,) = map(json.loads, path.read_text("utf-8").splitlines())
    assert set(entry) == {"system", "key", "at", "origin", "sampled", "unit", "evidence"}


def files(folder: Path, *globs: str, **options: Any) -> FileSet:
    query = Files(globs, DECLARED, **options)
    answer = FileSystem(folder).answer([query])[query]
    assert isinstance(answer, Answer), answer
    found: FileSet = answer.evidence
    return found


def test_files_come_sorted_each_once(tmp_path: Path) -> None:
    for name in ("b.log", "a.log", "c.txt"):
        (tmp_path / name).write_text(name, "utf-8")
    (tmp_path / "d.log").mkdir()
    found = files(tmp_path, "*.log", "b.*", "c.txt")
    assert [Path(file.name).name for file in found] == ["a.log", "b.log", "c.txt"]
    assert [file.text for file in found] == ["a.log", "b.log", "c.txt"]


def test_a_name_with_brackets_stands_for_itself(tmp_path: Path) -> None:
    (tmp_path / "a[1].log").write_text("x", "utf-8")
    assert len(files(tmp_path, "a[1].log").files) == 1


def test_absolute_names_are_looked_for_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("x", "utf-8")
    assert len(files(HERE, str(tmp_path / "*.log")).files) == 1


def test_a_glob_that_may_stand_for_nothing(tmp_path: Path) -> None:
    assert files(tmp_path, "*.log", optional=True) == FileSet(())


def test_large_neighbours_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("12345", "utf-8")
    assert files(tmp_path, "a.log", optional=True, largest=4) == FileSet(())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("x", "utf-8")
    (tmp_path / "a.log").chmod(0)
    query = Files(("a.log",), DECLARED)
    answer = FileSystem(tmp_path).answer([query])[query]
    assert isinstance(answer, QueryFailure)
    assert answer.findings[0].what == "`a.log` cannot be read"


def test_each_glob_must_stand_for_something(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("x", "utf-8")
    query = Files(("a.log", "b.log"), DECLARED)
    answer = FileSystem(tmp_path).answer([query])[query]
    assert isinstance(answer, QueryFailure)
    assert answer.findings[0].what == "`b.log` names no file"
    assert answer.findings[0].where == DECLARED
