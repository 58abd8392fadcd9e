"""ConfigMaps and Secrets: ``pkg/apis/core/validation``."""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import CONFIG_KEY, DNS_SUBDOMAIN
from toolkit.kubernetes.validation.rules import Rule, both, misnamed

_LARGEST = 1024 * 1024
"""Bytes of all values."""
_ACCOUNT = "kubernetes.io/service-account.name"
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
"""The keys of each type of Secret."""
_LOGIN = ("username", "password")


def _keys(field: ObjectField) -> Errors:
    for key, each in field.entries:
        for fault in CONFIG_KEY.faults(key):
            yield each.invalid(fault, value=key)


def _size(field: ObjectField, encoded: str, plain: str) -> int:
    """Return the bytes of all values."""
    return sum(len(each.text) * 3 // 4 for _, each in field.at(encoded).entries) + sum(
        len(each.text.encode()) for _, each in field.at(plain).entries
    )


def _config_map(field: ObjectField) -> Errors:
    others = field.at("binaryData")
    yield from _keys(field.at("data"))
    yield from _keys(others)
    for key, each in field.at("data").entries:
        if key in dict(others.entries):
            yield each.invalid("must not be in `binaryData` as well", value=key)
    if _size(field, "binaryData", "data") > _LARGEST:
        yield field.too_long(_LARGEST)


def _secret(field: ObjectField) -> Errors:
    data, plain = field.at("data"), field.at("stringData")
    yield from _keys(data)
    # What is written as plain text is stored with the rest, and judged there.
    yield from misnamed(_keys(plain), plain.path, data.path)
    if _size(field, "data", "stringData") > _LARGEST:
        yield data.too_long(_LARGEST)


def _typed(field: ObjectField) -> Errors:
    kind, data = field.at("type").text, field.at("data")
    written = "stringData" if field.at("stringData").given else "data"
    there = {key for part in ("data", "stringData") for key, _ in field.at(part).entries}
    for key in _REQUIRED.get(kind, ()):
        if key not in there or (kind.endswith("ssh-auth") and not _given(field, key)):
            missing = data.at(key).required(f"a Secret with `type: {kind}` has it")
            yield missing._replace(written=(written, key))
        elif "docker" in key:
            yield from _json(field, key)
    if kind == "kubernetes.io/basic-auth" and there.isdisjoint(_LOGIN):
        yield data.at(_LOGIN[0]).required(f"or `{_LOGIN[1]}`")
    account = field.at("metadata", "annotations", _ACCOUNT)
    if kind == "kubernetes.io/service-account-token" and not account.text:
        yield account.required("it names the account of the token")


def _given(field: ObjectField, key: str) -> bool:
    return field.at("data", key).given or field.at("stringData", key).given


def _json(field: ObjectField, key: str) -> Errors:
    plain, encoded = field.at("stringData", key), field.at("data", key)
    try:
        text = plain.text if plain.set else b64decode(encoded.text).decode()
        found = json.loads(text)
    except NotBase64:
        return
    except ValueError:
        found = None
    if not isinstance(found, dict):
        yield encoded.invalid("must be a JSON object", value="")


_METADATA = metadata(DNS_SUBDOMAIN)
KINDS: Mapping[str, Rule] = {
    "v1 ConfigMap": both(_METADATA, _config_map),
    "v1 Secret": both(_METADATA, _secret, _typed),
}
