"""The meaning of each key of a contract: the strings below the fields of the expectations."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from itertools import pairwise

from toolkit.model.expectations import Expectation


def descriptions() -> Mapping[str, Mapping[str, str]]:
    """Return the meaning of each field, by the name of its class and its own."""
    return {each.__name__: dict(_fields(each)) for each in _below(Expectation)}


def _below(base: type[Expectation]) -> Iterator[type[Expectation]]:
    for each in base.__subclasses__():
        yield each
        yield from _below(each)


def _fields(owner: type[Expectation]) -> Iterator[tuple[str, str]]:
    (definition,) = ast.parse(inspect.getsource(owner)).body
    assert isinstance(definition, ast.ClassDef)
    for field, below in pairwise(definition.body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text).replace("``", "`")
