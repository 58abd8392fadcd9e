"""The few requests and answers of Kibana that are used, as JSON Schemas of our own.

Written from Kibana's published API document, «Kibana APIs» 1.0.2, public API version
2023-10-31 (https://www.elastic.co/docs/api/doc/kibana, generated as
``oas_docs/output/kibana.yaml`` in https://github.com/elastic/kibana); what it leaves open, the
error of an export, is from the functional tests of the same repository
(``test/api_integration/apis/saved_objects/export.ts``). No Kibana was run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]


def _object(required: tuple[str, ...] = (), *, closed: bool = False, **properties: Any) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        **({"additionalProperties": False} if closed else {}),
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "integer"}
NAMED = _object(("type", "id"), closed=True, type=TEXT, id=TEXT)
ERROR = _object(
    ("statusCode", "error", "message"),
    statusCode=NUMBER,
    error=TEXT,
    message=TEXT,
    attributes={"type": "object"},
)
LEVEL: Schema = {"enum": ["available", "degraded", "unavailable", "critical"]}
SERVICE = _object(("level", "summary"), level=LEVEL, summary=TEXT, detail=TEXT)
WHOLE = _object(
    ("name", "uuid", "version", "status", "metrics"),
    name=TEXT,
    uuid=TEXT,
    version=_object(
        ("number", "build_hash", "build_number", "build_snapshot", "build_flavor", "build_date"),
        closed=True,
        number=TEXT,
        build_hash=TEXT,
        build_number=NUMBER,
        build_snapshot=FLAG,
        build_flavor={"enum": ["serverless", "traditional"]},
        build_date=TEXT,
    ),
    status=_object(
        ("overall", "core", "plugins"),
        closed=True,
        overall=SERVICE,
        core=_object(
            ("elasticsearch", "savedObjects"), elasticsearch=SERVICE, savedObjects=SERVICE
        ),
        plugins={"type": "object", "additionalProperties": SERVICE},
    ),
    metrics={"type": "object"},
)
REDACTED = _object(
    ("status",),
    closed=True,
    status=_object(
        ("overall",), closed=True, overall=_object(("level",), closed=True, level=LEVEL)
    ),
)
STATUS: Schema = {"anyOf": [WHOLE, REDACTED]}
FIELD = _object(
    ("name", "type", "searchable", "aggregatable"),
    name=TEXT,
    type=TEXT,
    esTypes=_list(TEXT),
    count=NUMBER,
    scripted=FLAG,
    searchable=FLAG,
    aggregatable=FLAG,
    readFromDocValues=FLAG,
    isMapped=FLAG,
    conflictDescriptions={"type": "object", "additionalProperties": _list(TEXT)},
)
VIEW = _object(
    ("id", "title", "fields"),
    id=TEXT,
    title=TEXT,
    name=TEXT,
    version=TEXT,
    namespaces=_list(TEXT),
    timeFieldName=TEXT,
    allowNoIndex=FLAG,
    sourceFilters=_list(_object(("value",), value=TEXT)),
    fieldAttrs={"type": "object"},
    fieldFormats={"type": "object"},
    runtimeFieldMap={"type": "object"},
    typeMeta={"type": "object"},
    fields={"type": "object", "additionalProperties": FIELD},
)
EXPORTED: Schema = {
    "anyOf": [
        _object(
            ("type", "id", "attributes", "references"),
            type=TEXT,
            id=TEXT,
            attributes={"type": "object"},
            references=_list(_object(("name", "type", "id"), name=TEXT, type=TEXT, id=TEXT)),
            typeMigrationVersion=TEXT,
            coreMigrationVersion=TEXT,
        ),
        _object(
            ("exportedCount", "missingRefCount", "missingReferences"),
            closed=True,
            exportedCount=NUMBER,
            missingRefCount=NUMBER,
            missingReferences=_list(NAMED),
            excludedObjectsCount=NUMBER,
            excludedObjects=_list({"type": "object"}),
        ),
    ]
}
"""One line of an export."""
IMPORTED = _object(
    ("success", "successCount"),
    success=FLAG,
    successCount=NUMBER,
    warnings=_list(_object(("type", "message"), type=TEXT, message=TEXT)),
    successResults=_list(
        _object(("type", "id"), type=TEXT, id=TEXT, destinationId=TEXT, overwrite=FLAG)
    ),
    errors=_list(
        _object(
            ("type", "id", "error"),
            type=TEXT,
            id=TEXT,
            title=TEXT,
            meta={"type": "object"},
            error=_object(
                ("type",),
                type={
                    "enum": [
                        "conflict",
                        "ambiguous_conflict",
                        "unsupported_type",
                        "missing_references",
                        "unknown",
                    ]
                },
                references=_list(NAMED),
                message=TEXT,
                statusCode=NUMBER,
            ),
        )
    ),
)


@dataclass(frozen=True)
class Operation:
    """A method and a path, and what may be sent and answered."""

    headers: tuple[str, ...] = ()
    """Those that must be sent."""
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of the query, with their values."""
    body: Schema | None = None
    """Of JSON that is sent."""
    answers: Mapping[int, Schema] = field(default_factory=dict)
    by_line: bool = False
    """Whether each line of an answer with 200 is one JSON text."""


OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("GET", "/api/status"): Operation(
        parameters={"v7format": ("true", "false"), "v8format": ("true", "false")},
        answers={200: STATUS, 503: STATUS},
    ),
    ("GET", "/api/data_views"): Operation(
        answers={
            200: _object(
                ("data_view",),
                data_view=_list(
                    _object(
                        id=TEXT,
                        name=TEXT,
                        title=TEXT,
                        namespaces=_list(TEXT),
                        typeMeta={"type": "object"},
                    )
                ),
            ),
        }
    ),
    ("GET", "/api/data_views/data_view/{viewId}"): Operation(
        answers={200: _object(("data_view",), data_view=VIEW)}
    ),
    ("POST", "/api/saved_objects/_export"): Operation(
        headers=("kbn-xsrf",),
        body=_object(
            closed=True,
            type={"anyOf": [TEXT, _list(TEXT)]},
            objects={**_list(NAMED), "maxItems": 10_000},
            search=TEXT,
            hasReference={"anyOf": [NAMED, _list(NAMED)]},
            includeReferencesDeep=FLAG,
            excludeExportDetails=FLAG,
        ),
        answers={200: EXPORTED},
        by_line=True,
    ),
    ("POST", "/api/saved_objects/_import"): Operation(
        headers=("kbn-xsrf",),
        parameters={
            "overwrite": ("true", "false"),
            "createNewCopies": ("true", "false"),
            "compatibilityMode": ("true", "false"),
        },
        answers={200: IMPORTED},
    ),
}
