"""Jobs and CronJobs: ``pkg/apis/batch/validation``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    domain_prefixed_path,
    label_selector,
    qualified_name,
)
from toolkit.kubernetes.validation.pods import TEMPLATE
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Required,
    Rule,
    both,
    every,
    not_negative,
    one_of,
    parts,
)
from toolkit.kubernetes.validation.schedules import schedule, time_zone

_MOST = 100_000
_MOST_OF_MANY = 10_000
"""The greatest parallelism, and number of failed indexes, of a job with more indexes."""
_INDEXED = "`completionMode: Indexed`"


def _restart_policy(spec: ObjectField) -> Errors:
    policy = spec.at("template", "spec", "restartPolicy")
    if policy.text in ("", "Always"):
        fix = "decide between `OnFailure` and `Never`."
        yield policy.unsupported(("OnFailure", "Never"))._replace(fix=fix)
    elif policy.text == "OnFailure" and spec.at("podFailurePolicy").set:
        yield policy.invalid("must be `Never` with `podFailurePolicy`")


def _per_index(spec: ObjectField) -> Errors:
    """Judge what only a job with indexes has."""
    indexed = spec.at("completionMode").value == "Indexed"
    limit, failed = spec.at("backoffLimitPerIndex"), spec.at("maxFailedIndexes")
    if failed.set and not limit.set:
        yield limit.required("with `maxFailedIndexes`")
    if indexed:
        yield from _indexes(spec)
        return
    for each in (limit, failed):
        if each.set:
            yield each.invalid(f"needs {_INDEXED}")
    if spec.at("successPolicy").set:
        yield spec.at("successPolicy").invalid(f"needs {_INDEXED}")


def _indexes(spec: ObjectField) -> Errors:
    completions, parallelism = spec.at("completions"), spec.at("parallelism")
    failed = spec.at("maxFailedIndexes")
    if not completions.set:
        yield completions.required(f"with {_INDEXED}")
    elif failed.set and failed.number > completions.number:
        yield failed.invalid("must be at most `completions`")
    many = completions.number > _MOST and spec.at("backoffLimitPerIndex").set
    if many and not failed.set:
        yield failed.required(f"with more than {_MOST} completions")
    most = _MOST_OF_MANY if many else _MOST
    for each in (parallelism, failed):
        if each.number > most:
            yield each.invalid(f"must be at most {most}")


def _codes(field: ObjectField) -> Errors:
    values = field.at("values")
    if not values.items:
        yield values.invalid("must have at least one value")
    if len(values.items) > 255:
        yield values.too_many(255)
    seen = set[int]()
    for each in values.items:
        if field.at("operator").text == "In" and each.number == 0:
            yield each.invalid("must not be 0 with `operator: In`")
        if each.number in seen:
            yield each.duplicate()
        seen.add(each.number)
    numbers = [each.number for each in values.items]
    if numbers != sorted(numbers):
        yield values.invalid("must be in ascending order")


_CODES = parts(_codes, operator=Required(one_of("In", "NotIn")))
_ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
_FAILURE = parts(
    action=Required(one_of(*_ACTIONS)),
    onExitCodes=_CODES,
    onPodConditions=every(
        lambda field: qualified_name(field.at("type")),
        parts(status=Required(one_of("False", "True", "Unknown"))),
    ),
)


def _failure_policy(spec: ObjectField) -> Errors:
    rules, pod = spec.at("podFailurePolicy", "rules"), spec.at("template", "spec")
    if len(rules.items) > 20:
        yield rules.too_many(20)
    yield from every(_FAILURE)(rules)
    lists = (pod.at(key).items for key in ("containers", "initContainers"))
    names = {each.at("name").text for found in lists for each in found}
    for each in rules.items:
        codes, container = each.at("onExitCodes"), each.at("onExitCodes", "containerName")
        if each.at("action").text == "FailIndex" and not spec.at("backoffLimitPerIndex").set:
            yield each.at("action").invalid("needs `backoffLimitPerIndex`")
        if container.set and container.text not in names:
            yield container.invalid("must be a container of the template")
        if codes.set == each.at("onPodConditions").given:
            yield each.invalid("must have either `onExitCodes` or `onPodConditions`")


def _success_policy(spec: ObjectField) -> Errors:
    policy, completions = spec.at("successPolicy"), spec.at("completions").number
    if spec.at("completionMode").value != "Indexed" or not policy.set:
        return
    rules = policy.at("rules")
    if not rules.items:
        yield rules.required()
    if len(rules.items) > 20:
        yield rules.too_many(20)
    for each in rules.items:
        yield from _success(each, completions)


def _success(field: ObjectField, completions: int) -> Errors:
    count, indexes = field.at("succeededCount"), field.at("succeededIndexes")
    most: int | None = completions
    if not count.set and not indexes.set:
        yield field.required("`succeededCount` or `succeededIndexes`")
    if indexes.set:
        most = _numbered(indexes.text, completions)
        if most is None:
            yield indexes.invalid("must be ascending ranges such as `0,2-5`, below `completions`")
    if count.number < 0 or (most is not None and count.number > most):
        yield count.invalid(f"must be from 0 to {completions if most is None else most}")


_INTERVAL = re.compile(r"(\d+)(?:-(\d+))?")


def _numbered(text: str, completions: int) -> int | None:
    """Return how many indexes there are in a text such as ``0,2-5``; None if it is malformed."""
    last, total = -1, 0
    for each in text.split(",") if text else ():
        found = _INTERVAL.fullmatch(each)
        start, end = (int(found[1]), int(found[2] or found[1])) if found else (-1, -1)
        if not last < start <= end < completions or (found and found[2] and start == end):
            return None
        last, total = end, total + end - start + 1
    return total


def _replacement(spec: ObjectField) -> Errors:
    allowed = ("Failed",) if spec.at("podFailurePolicy").set else ("Failed", "TerminatingOrFailed")
    found = spec.at("podReplacementPolicy")
    yield from one_of(*allowed)(found) if found.set else ()


def _managed_by(field: ObjectField) -> Errors:
    yield from domain_prefixed_path(field)
    if len(field.text) > 63:
        yield field.too_long(63)


_NUMBERS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)
_JOB_SPEC = parts(
    _per_index,
    _failure_policy,
    _success_policy,
    _replacement,
    _restart_policy,
    **dict.fromkeys(_NUMBERS, not_negative),
    managedBy=NotEmpty(_managed_by),
    completionMode=NotEmpty(one_of("NonIndexed", "Indexed")),
    template=Required(TEMPLATE),
)


def _selected(spec: ObjectField) -> Errors:
    """Judge the selector, which the server makes unless `manualSelector` is true."""
    found = spec.at("selector")
    if not spec.at("manualSelector").flag:
        if found.set:
            yield found.invalid(
                "must not be there without `manualSelector: true`", fix="remove it."
            )
    elif not found.set:
        yield found.required("with `manualSelector: true`")
    else:
        yield from label_selector(found)


def _index_names(job: ObjectField) -> Errors:
    """Judge that the host names of the pods, which end with their indexes, are valid."""
    completions, name = job.at("spec", "completions"), job.at("metadata", "name")
    if job.at("spec", "completionMode").value == "Indexed" and completions.number > 0:
        last = f"{name.text}-{completions.number - 1}"
        if any(DNS_LABEL.faults(last)):
            yield name.invalid(f"must make valid host names of pods, such as `{last}`")


def _no_selector(spec: ObjectField) -> Errors:
    if spec.at("selector").set:
        yield spec.at("selector").invalid("must not be there: each Job gets its own")
    if spec.at("manualSelector").flag:
        yield spec.at("manualSelector").unsupported(("false",))


def _short(job: ObjectField) -> Errors:
    name = job.at("metadata", "name")
    if len(name.text) > 52:
        yield name.invalid("must have at most 52 characters: its Jobs add a number")


KINDS: Mapping[str, Rule] = {
    "batch/v1 Job": parts(
        _index_names,
        metadata(DNS_SUBDOMAIN),
        spec=Required(_JOB_SPEC, _selected),
    ),
    "batch/v1 CronJob": parts(
        metadata(DNS_SUBDOMAIN),
        _short,
        spec=parts(
            schedule=Required(schedule),
            timeZone=NotEmpty(time_zone),
            startingDeadlineSeconds=not_negative,
            concurrencyPolicy=one_of("Allow", "Forbid", "Replace"),
            jobTemplate=parts(spec=both(_JOB_SPEC, _no_selector)),
            successfulJobsHistoryLimit=not_negative,
            failedJobsHistoryLimit=not_negative,
        ),
    ),
}
