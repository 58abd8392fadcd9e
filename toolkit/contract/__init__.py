"""Contracts in YAML: each expectation keeps its place for messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.contract.decoding import Decoder
from toolkit.contract.faults import MALFORMED, duplicate, not_a_mapping
from toolkit.errors import ContractError, InputError
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import CONTRACT
from toolkit.model.contract import Contract

__all__ = ["json_schema", "parse_contract"]


def parse_contract(text: str, *, source: str) -> Contract:
    """Read a contract from ``text``; ``source`` names it in messages.

    Raises `ContractError` with every fault found, each at its line and column.
    """
    try:
        document = read_document(text, source, CONTRACT, what="the contract", fix=MALFORMED)
    except InputError as error:
        raise ContractError(*error.findings) from error
    value = document.value
    if value is not None and not isinstance(value, dict):
        raise ContractError(not_a_mapping(document.locate(), value))
    decoder = Decoder(document)
    contract: Contract = decoder.decode(Contract, value or {})
    duplicates = [duplicate(str(path[-1]), where) for path, where in document.duplicates]
    if found := [*duplicates, *decoder.faults]:
        raise ContractError(*dict.fromkeys(found))
    return contract


def json_schema() -> Mapping[str, Any]:
    """Return the JSON Schema of a contract, for editors; short forms and meanings included."""
    from toolkit.contract.schema import schema

    return schema()
