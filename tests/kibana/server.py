"""A Kibana that holds saved objects, gives them out and takes them in; a stub of our own.

It refuses what Kibana's published document does not allow, and notes where its own answers do
not keep to it: `tests/kibana/schemas.py`. What it does besides imitates what Kibana documents:
nothing of an import is written if one object conflicts or misses what it refers to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.kibana.conform import check_answer, check_request, operation_of
from tests.kibana.listening import Fault, Request, listening, uploaded

Fields = dict[str, tuple[str, ...] | dict[str, list[str]]]
"""By name: the types of Elasticsearch; or, in conflict, the indices by type."""
_KINDS = {"keyword": "string", "text": "string", "date": "date", "boolean": "boolean", "ip": "ip"}


@dataclass
class Stub:
    """What it is told, and what it holds."""

    api_key: str | None = None
    expects: str = ""
    """The whole of the header by which it knows who asks."""
    spaces: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)
    """What becomes of the next requests instead of their answers."""
    objects: dict[tuple[str, str], Any] = field(default_factory=dict)
    fields: dict[str, Fields] = field(default_factory=dict)
    """What there is behind a data view, by its title."""
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By path: what is answered whatever is asked."""
    level: str = "available"
    migrate: Callable[[Any], None] = lambda each: None
    """What it makes of an object that it takes in."""
    moved: dict[str, str] = field(default_factory=dict)
    """Ids that another space has already, and those that objects get instead."""
    url: str = ""
    seen: list[str] = field(default_factory=list)
    """Method and path of each request."""
    wrong: list[str] = field(default_factory=list)
    """Where requests or answers do not keep to the schemas."""

    def take(self, request: Request) -> tuple[int, str]:
        """Answer one request, and note what is wrong with either."""
        space, path = _space(request.path)
        self.seen.append(f"{request.method} {request.path}")
        operation = operation_of(request.method, path)
        if operation is None or (space and space not in self.spaces):
            return _error(404, "Not Found")
        self.wrong += check_request(operation, request.query, request.headers, request.body)
        expected = self.expects or (self.api_key and f"ApiKey {self.api_key}")
        if expected and request.headers.get("authorization") != expected:
            return _error(401, "[security_exception]: unable to authenticate")
        status, text = self.answers.get(path) or self._answer(path, request)
        self.wrong += check_answer(operation, status, text)
        return status, text

    def _answer(self, path: str, request: Request) -> tuple[int, str]:
        if path == "/api/status":
            return _told(503 if self.level in ("unavailable", "critical") else 200, self._status())
        if path == "/api/data_views":
            return _told(200, {"data_view": [self._listed(each) for each in self._views()]})
        if path.startswith("/api/data_views/data_view/"):
            return self._view(unquote(path.rpartition("/")[2]))
        if path == "/api/saved_objects/_export":
            return self._exported(json.loads(request.body)["objects"])
        return self._imported(request)

    def _status(self) -> Any:
        service = {"level": self.level, "summary": "Unable to connect to Elasticsearch"}
        fine = {"level": "available", "summary": "fine"}
        version = {
            "number": "9.2.0",
            "build_hash": "0" * 40,
            "build_number": 1,
            "build_snapshot": False,
            "build_flavor": "traditional",
            "build_date": "2025-10-21T00:00:00.000Z",
        }
        core = {"elasticsearch": service, "savedObjects": fine}
        status = {"overall": service, "core": core, "plugins": {"lens": fine}}
        return {"name": "k", "uuid": "u", "version": version, "status": status, "metrics": {}}

    def _views(self) -> Iterator[Any]:
        return (each for (kind, _), each in self.objects.items() if kind == "index-pattern")

    def _listed(self, view: Any) -> Any:
        return {"id": view["id"], "title": view["attributes"]["title"], "namespaces": ["default"]}

    def _view(self, name: str) -> tuple[int, str]:
        view = self.objects.get(("index-pattern", name))
        if view is None:
            return _error(404, f"Saved object [index-pattern/{name}] not found")
        title = view["attributes"]["title"]
        fields = {n: _field(n, types) for n, types in self.fields.get(title, {}).items()}
        return _told(200, {"data_view": {"id": name, "title": title, "fields": fields}})

    def _exported(self, wanted: list[Any]) -> tuple[int, str]:
        absent = [each for each in wanted if (each["type"], each["id"]) not in self.objects]
        if absent:
            return _told(400, _not_found(absent))
        found = [self.objects[each["type"], each["id"]] for each in wanted]
        details = {"exportedCount": len(found), "missingRefCount": 0, "missingReferences": []}
        lines = (json.dumps(each, sort_keys=True) for each in (*found, details))
        return 200, "\n".join(lines)

    def _imported(self, request: Request) -> tuple[int, str]:
        name, text = uploaded(request)
        if not name.endswith(".ndjson"):
            return _error(400, f"Invalid file extension .{name.rpartition('.')[2]}")
        lines = [json.loads(line) for line in text.splitlines() if line]
        given = {(each["type"], each["id"]): each for each in lines if "type" in each}
        errors = [*self._missing(given)]
        if "overwrite=true" not in request.query:
            errors += [
                {"type": kind, "id": name, "meta": {}, "error": {"type": "conflict"}}
                for kind, name in given
                if (kind, name) in self.objects
            ]
        failed = {(each["type"], each["id"]) for each in errors}
        results = [self._result(*key) for key in given if key not in failed]
        answer = {"success": not errors, "successCount": len(results), "warnings": []}
        if errors:
            return _told(200, {**answer, "successResults": results, "errors": errors})
        for each in deepcopy(list(given.values())):
            self._write(each)
        return _told(200, {**answer, "successResults": results})

    def _result(self, kind: str, name: str) -> Any:
        moved = {"destinationId": self.moved[name]} if name in self.moved else {}
        return {"type": kind, "id": name, "meta": {}, "overwrite": True, **moved}

    def _write(self, each: Any) -> None:
        each["id"] = self.moved.get(each["id"], each["id"])
        each |= {"managed": False, "updated_at": "2026-01-11T00:00:00.000Z", "version": "WzEsMV0="}
        each.setdefault("references", [])
        self.migrate(each)
        self.objects[each["type"], each["id"]] = each

    def _missing(self, given: dict[tuple[str, str], Any]) -> Iterator[Any]:
        for each in given.values():
            absent = [
                {"type": r["type"], "id": r["id"]}
                for r in each.get("references", ())
                if r["type"] in ("index-pattern", "search")
                and (r["type"], r["id"]) not in {**given, **self.objects}
            ]
            if absent:
                meta = {"title": each["attributes"].get("title"), "icon": "lensApp"}
                cause = {"type": "missing_references", "references": absent}
                yield {"type": each["type"], "id": each["id"], "meta": meta, "error": cause}


def _space(path: str) -> tuple[str, str]:
    if not path.startswith("/s/"):
        return "", path
    space, _, tail = path.removeprefix("/s/").partition("/")
    return space, f"/{tail}"


def _field(name: str, types: tuple[str, ...] | dict[str, list[str]]) -> Any:
    kinds = {_KINDS.get(each, "number") for each in types}
    found = {
        "name": name,
        "type": kinds.pop() if len(kinds) == 1 else "conflict",
        "esTypes": list(types),
        "count": 0,
        "scripted": False,
        "searchable": True,
        "aggregatable": "text" not in types,
        "readFromDocValues": "text" not in types,
        "isMapped": True,
    }
    return {**found, "conflictDescriptions": types} if isinstance(types, dict) else found


def _told(status: int, body: Any) -> tuple[int, str]:
    return status, json.dumps(body)


def _error(status: int, message: str) -> tuple[int, str]:
    names = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
    return _told(status, {"statusCode": status, "error": names[status], "message": message})


def _not_found(absent: list[Any]) -> Any:
    objects = [
        {
            **each,
            "error": {
                "statusCode": 404,
                "error": "Not Found",
                "message": f"Saved object [{each['type']}/{each['id']}] not found",
            },
        }
        for each in absent
    ]
    head = {"statusCode": 400, "error": "Bad Request"}
    return {
        **head,
        "message": "Error fetching objects to export",
        "attributes": {"objects": objects},
    }


@contextmanager
def running(stub: Stub, certificate: Any = None) -> Iterator[Stub]:
    """Serve on a free port of this machine; all that was said must keep to the schemas."""
    with listening(stub.take, stub.faults, certificate) as url:
        stub.url = url
        yield stub
    assert not stub.wrong, stub.wrong
