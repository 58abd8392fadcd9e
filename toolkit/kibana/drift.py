"""Differences between a saved object of the repository and the one in Kibana.

Left out is what Kibana writes itself: everything beside attributes and references (times,
users, versions of its own migrations), the order of keys, the format of JSON texts,
values that mean nothing is set, popularity counts, and versions of its editors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from toolkit.errors import InputError
from toolkit.findings import Location
from toolkit.kibana.objects import SavedObject, references_in
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_json import opened, read_json


class _Nothing(Enum):
    NOTHING = "nothing"


NOTHING: Final = _Nothing.NOTHING
"""The value on the side that has none."""

_OWN = re.compile(
    r"attributes\.(version|hits)"
    r"|attributes\.fieldAttrs\..*\.count"
    r"|attributes\.panelsJSON\[.*\]\.version"
    r"|attributes\.state\.visualization\..*\.palette\.version"
)
"""Paths of values that Kibana counts itself, or rewrites with each of its versions."""
_KEYS = ("panelIndex", "layerId", "id", "name")
"""The first of these keys that all elements of a list have identifies them."""


@dataclass(frozen=True, slots=True)
class ObjectDifference:
    """A value that is not the same on both sides."""

    path: str
    """As in ``attributes.panelsJSON[2].title``; brackets hold an index, or the element's id."""
    ours: Any
    """The exported value; `NOTHING` if only Kibana has one."""
    theirs: Any
    """The value in Kibana; `NOTHING` if it is missing there."""
    where: Location
    """The place in the export."""

    @property
    def is_added(self) -> bool:
        """True if only Kibana has it, as after a migration."""
        return self.ours is NOTHING


def differences(ours: SavedObject, theirs: Mapping[str, Any]) -> list[ObjectDifference]:
    """Return all differences; visible ones first, additions last."""
    found = [
        *_compared(ours.attributes, theirs.get("attributes", {}), "attributes", ours.type),
        *_references(ours, theirs),
    ]
    return sorted(found, key=_rank)


def _rank(found: ObjectDifference) -> tuple[bool, bool]:
    return found.is_added, not found.path.endswith(("title", "sourceField", "query"))


def _references(ours: SavedObject, theirs: Mapping[str, Any]) -> Iterator[ObjectDifference]:
    there = theirs.get("references")
    held = {
        str(each.get("name")): each
        for each in (there if isinstance(there, list) else ())
        if isinstance(each, dict)
    }
    for name, reference in references_in(ours.node).items():
        found = held.pop(name, None)
        shown = NOTHING if found is None else f"{found.get('type')} {found.get('id')}"
        if shown != f"{reference.type} {reference.id}":
            here = f"{reference.type} {reference.id}"
            yield ObjectDifference(f"references[{name}]", here, shown, reference.where)
    for name, each in held.items():
        # A tag does not change the content of an object.
        if each.get("type") != "tag":
            added = f"{each.get('type')} {each.get('id')}"
            yield ObjectDifference(
                f"references[{name}]", NOTHING, added, ours.node.locate("references")
            )


def _compared(
    ours: PositionedNode, theirs: Any, path: str, kind: str
) -> Iterator[ObjectDifference]:
    here, there = _opened(ours), _parsed(theirs)
    if _OWN.fullmatch(path) or here.value == there:
        return
    if _is_blank(here.value, path) and _is_blank(there, path):
        return
    if kind == "index-pattern" and path == "attributes.fields":
        here, there = _scripted(here, there)
        if here is None:
            return
    if isinstance(here.value, dict) and isinstance(there, dict):
        yield from _of_mappings(here, there, path, kind)
    elif isinstance(here.value, list) and isinstance(there, list):
        yield from _of_lists(here, there, path, kind)
    else:
        yield ObjectDifference(path, here.value, there, ours.locate())


def _of_mappings(
    here: PositionedNode, there: Mapping[str, Any], path: str, kind: str
) -> Iterator[ObjectDifference]:
    for key, node in here.items():
        if key in there:
            yield from _compared(node, there[str(key)], f"{path}.{key}", kind)
        elif not _is_blank(node.value, f"{path}.{key}"):
            yield ObjectDifference(f"{path}.{key}", node.value, NOTHING, node.locate())
    for key, value in there.items():
        if key not in here.value and not _is_blank(value, f"{path}.{key}"):
            yield ObjectDifference(f"{path}.{key}", NOTHING, _parsed(value), here.locate())


def _of_lists(
    here: PositionedNode, there: list[Any], path: str, kind: str
) -> Iterator[ObjectDifference]:
    key = _key(here.value, there)
    left = {_name(value, key, index): value for index, value in enumerate(there)}
    for index, (_, node) in enumerate(here.items()):
        name = _name(node.value, key, index)
        if name in left:
            yield from _compared(node, left.pop(name), f"{path}[{name}]", kind)
        else:
            yield ObjectDifference(f"{path}[{name}]", node.value, NOTHING, node.locate())
    for name, value in left.items():
        yield ObjectDifference(f"{path}[{name}]", NOTHING, value, here.locate())


def _key(here: list[Any], there: list[Any]) -> str | None:
    """Return the key by which the elements of both lists can be paired."""
    both = [*here, *there]
    if not all(isinstance(each, dict) for each in both):
        return None
    for key in _KEYS:
        if all(isinstance(each.get(key), str) for each in both) and all(
            len({each[key] for each in side}) == len(side) for side in (here, there)
        ):
            return key
    return None


def _name(value: Any, key: str | None, index: int) -> str:
    return str(value[key]) if key else str(index)


def _opened(node: PositionedNode) -> PositionedNode:
    """Return the node itself, or the content of a JSON text."""
    with suppress(InputError):
        return opened(node) if _may_be_json(node.value) else node
    return node


def _parsed(value: Any) -> Any:
    with suppress(InputError):
        return read_json(value, "") if _may_be_json(value) else value
    return value


def _may_be_json(value: Any) -> bool:
    return isinstance(value, str) and value[:1] in ("{", "[")


def _is_blank(value: Any, path: str) -> bool:
    """Return True if nothing is set, apart from Kibana's defaults."""
    found = _parsed(value)
    if isinstance(found, dict):
        return all(
            key == "language" or _is_blank(each, f"{path}.{key}") for key, each in found.items()
        )
    return found is None or found is False or found in ("", []) or _OWN.fullmatch(path) is not None


def _scripted(here: PositionedNode, there: Any) -> tuple[Any, Any]:
    """Return the fields that a data view makes itself; the others are a cache."""
    own = [each for each in here.value or () if isinstance(each, dict) and each.get("scripted")]
    held = [each for each in there or () if isinstance(each, dict) and each.get("scripted")]
    return (here, there) if own != held else (None, None)
