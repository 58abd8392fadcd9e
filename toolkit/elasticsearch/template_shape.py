"""The shape of an index template: of which kind of JSON all must be that is read of it."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.languages.json_shapes import (
    ANY,
    SIMPLE,
    TEXT,
    TRUTH,
    WHOLE,
    WORD,
    Each,
    Many,
    Scalar,
    Shape,
    is_number,
)

_POSITIVE = Scalar("a number above 0", lambda value: is_number(value) and float(value) > 0)
_TEXTS = Many(TEXT)
_NAMES = Many(TEXT, strict=True)
_FIELD: dict[str, Shape] = {
    **dict.fromkeys(("type", "format", "locale", "normalizer"), TEXT),
    **dict.fromkeys(("coerce", "doc_values", "enabled", "ignore_malformed", "index"), TRUTH),
    **dict.fromkeys(("store", "date_detection", "numeric_detection"), TRUTH),
    **dict.fromkeys(("ignore_above", "depth_limit"), WHOLE),
    **dict.fromkeys(("null_value", "value"), SIMPLE),
    **dict.fromkeys(("dynamic", "subobjects"), WORD),
    **dict.fromkeys(("copy_to", "dynamic_date_formats"), _TEXTS),
    "scaling_factor": _POSITIVE,
    "runtime": Each({"type": TEXT}),
}
_FIELD |= dict.fromkeys(("properties", "fields"), Each(_FIELD))
_DYNAMIC: Shape = {
    **dict.fromkeys(("match", "unmatch", "path_match", "path_unmatch"), _TEXTS),
    **dict.fromkeys(("match_mapping_type", "unmatch_mapping_type"), _TEXTS),
    **dict.fromkeys(("mapping", "runtime"), _FIELD),
    "match_pattern": TEXT,
}
MAPPINGS: Shape = {**_FIELD, "dynamic_templates": Many(Each(_DYNAMIC), strict=True)}
_BODY: Mapping[str, Shape] = {
    "mappings": MAPPINGS,
    "settings": Each(ANY),
}
TEMPLATE: Mapping[str, Shape] = {
    "index_patterns": _TEXTS,
    "composed_of": _NAMES,
    "template": _BODY,
    **_BODY,
}
INDEX_SETTINGS: Mapping[str, Shape] = {
    **dict.fromkeys(
        (
            "index.mapping.total_fields.limit",
            "index.mapping.depth.limit",
            "index.mapping.ignore_above",
        ),
        WHOLE,
    ),
    **dict.fromkeys(("index.mapping.coerce", "index.mapping.ignore_malformed"), TRUTH),
}
"""By their full names, however they are nested."""
