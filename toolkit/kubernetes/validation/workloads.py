"""Workloads: ``pkg/apis/apps/validation``."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.kubernetes.selectors import selects, shown
from toolkit.kubernetes.validation.claims import CLAIM_SPEC
from toolkit.kubernetes.validation.fields import Errors, ObjectField, UnknownValue
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    PERCENT,
    TextForm,
    label_selector,
)
from toolkit.kubernetes.validation.pods import TEMPLATE
from toolkit.kubernetes.validation.rules import (
    Required,
    Rule,
    always,
    at_most_100_percent,
    both,
    every,
    misnamed,
    not_negative,
    number_or_percentage,
    one_of,
    parts,
)


def _selector(field: ObjectField) -> Errors:
    yield from label_selector(field)
    if not any(field.at(key).given for key in ("matchLabels", "matchExpressions")):
        yield field.invalid("must not be empty")


def _selects_its_own(spec: ObjectField) -> Errors:
    found, selector = spec.at("template", "metadata", "labels"), spec.at("selector")
    valid = next(label_selector(selector), None) is None
    if selector.given and valid and not selects(selector.value, found.texts):
        yield found.invalid(
            f"must have what `selector` asks for, `{shown(selector.value)}`",
            value=shown(found.texts) or "nothing",
            fix="make `selector.matchLabels` equal to the template's labels.",
        )


def _selects_nothing(spec: ObjectField) -> Errors:
    if not spec.at("selector").set:
        found = spec.at("template", "metadata", "labels")
        fix = "add a `selector` that asks for them."
        yield found.invalid("must have what `selector` asks for, which is missing", fix=fix)


def _stays(spec: ObjectField) -> Errors:
    """Judge that pods are started again, as these workloads need it."""
    policy = spec.at("template", "spec", "restartPolicy")
    if policy.text in ("OnFailure", "Never"):
        yield policy.unsupported(("Always",))
    deadline = spec.at("template", "spec", "activeDeadlineSeconds")
    if deadline.set:
        yield deadline.forbidden("only Jobs end")


def _share(field: ObjectField) -> int:
    """Return a count, or the number of a percentage; raises `UnknownValue` for another text."""
    if not isinstance(field.value, str):
        return field.number
    if not PERCENT.pattern.fullmatch(field.value):
        raise UnknownValue
    return int(field.value[:-1])


def _strategy(field: ObjectField) -> Errors:
    rolling = field.at("rollingUpdate")
    match field.at("type").text:
        case "Recreate":
            if rolling.set:
                yield rolling.forbidden("`type` is `Recreate`")
        case "RollingUpdate":
            yield from _ROLLING(rolling)
        case _:
            error = one_of("Recreate", "RollingUpdate")(field.at("type"))
            yield from misnamed(error, field.at("type").path, field.path)


def _moves(field: ObjectField) -> Errors:
    if not _share(field.at("maxUnavailable")) and not _share(field.at("maxSurge")):
        yield field.at("maxUnavailable").invalid("must not be 0 with `maxSurge: 0`")


_up_to_all = both(number_or_percentage, at_most_100_percent)
_ROLLING = parts(_moves, maxUnavailable=_up_to_all, maxSurge=number_or_percentage)


def _one_way(field: ObjectField) -> Errors:
    unavailable, surge = field.at("maxUnavailable"), field.at("maxSurge")
    if _share(unavailable) and _share(surge):
        yield surge.invalid("must not be there unless `maxUnavailable` is 0")
    elif not _share(unavailable) and not _share(surge):
        yield unavailable.required("or `maxSurge`: both are 0")


_DAEMON_ROLLING = parts(_one_way, maxUnavailable=_up_to_all, maxSurge=_up_to_all)


def _daemon_strategy(field: ObjectField) -> Errors:
    match field.at("type").text:
        case "OnDelete":
            return
        case "RollingUpdate":
            yield from Required(_DAEMON_ROLLING)(field.at("rollingUpdate"))
        case _:
            error = one_of("RollingUpdate", "OnDelete")(field.at("type"))
            yield from misnamed(error, field.at("type").path, field.path)


def _not_0(field: ObjectField) -> Errors:
    if not _share(field):
        yield field.invalid("must not be 0")


_STATEFUL_ROLLING = parts(partition=not_negative, maxUnavailable=both(_up_to_all, _not_0))


def _stateful_strategy(field: ObjectField) -> Errors:
    rolling = field.at("rollingUpdate")
    match field.at("type").text:
        case "OnDelete":
            if rolling.set:
                yield rolling.invalid("must not be there with `type: OnDelete`")
        case "RollingUpdate":
            yield from _STATEFUL_ROLLING(rolling) if rolling.set else ()
        case _:
            yield field.invalid("must have the type `RollingUpdate` or `OnDelete`")


def _progress(spec: ObjectField) -> Errors:
    deadline, ready = spec.at("progressDeadlineSeconds"), spec.at("minReadySeconds")
    if deadline.set and deadline.number <= ready.number:
        fix = f"set it to more than {ready.number}, or lower `minReadySeconds`."
        error = deadline.invalid("must be more than `minReadySeconds`", fix=fix)
        yield error._replace(against=ready.path)


def _with_claims(spec: ObjectField) -> Errors:
    """Judge the template as the controller completes it.

    It adds a volume for each claim, and sets the host name and the subdomain of its pods.
    """
    template = spec.at("template")
    written = spec.at("volumeClaimTemplates").items
    claims = dict.fromkeys(each.at("metadata", "name").text for each in written)
    pod = dict(template.at("spec").entries)
    own = template.at("spec", "volumes").items
    kept = [each.value for each in own if each.at("name").text not in claims]
    made = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in claims]
    body = {key: each.value for key, each in pod.items() if key not in ("subdomain", "hostname")}
    body |= {"volumes": [*kept, *made]}
    yield from TEMPLATE(ObjectField({**template.value, "spec": body}, template.path))


def _management(field: ObjectField) -> Errors:
    if field.text not in ("OrderedReady", "Parallel"):
        yield field.invalid("must be `OrderedReady` or `Parallel`")


_kept = one_of("Retain", "Delete")


def _object(form: TextForm, *rules: Rule, **fields: Rule) -> Rule:
    """Return the rule for an object that keeps pods running.

    Args:
        form: The form of its name.
        rules: Further rules for its spec.
        fields: Further rules for parts of its spec.
    """
    common: dict[str, Rule] = {
        "selector": Required(_selector),
        **dict.fromkeys(("replicas", "minReadySeconds"), not_negative),
    }
    spec = parts(_selects_its_own, _stays, *rules, **{**common, **fields})
    return parts(metadata(form), spec=spec)


_template = Required(TEMPLATE)
KINDS: Mapping[str, Rule] = {
    "apps/v1 Deployment": _object(
        DNS_SUBDOMAIN,
        _progress,
        template=_template,
        strategy=_strategy,
        revisionHistoryLimit=not_negative,
        progressDeadlineSeconds=not_negative,
    ),
    "apps/v1 DaemonSet": _object(
        DNS_SUBDOMAIN,
        _selects_nothing,
        template=_template,
        updateStrategy=_daemon_strategy,
        revisionHistoryLimit=not_negative,
        selector=_selector,
    ),
    "apps/v1 ReplicaSet": _object(DNS_SUBDOMAIN, template=_template),
    "v1 ReplicationController": _object(DNS_SUBDOMAIN, template=_template, selector=Required()),
    "apps/v1 StatefulSet": _object(
        DNS_LABEL,
        _with_claims,
        podManagementPolicy=_management,
        updateStrategy=_stateful_strategy,
        persistentVolumeClaimRetentionPolicy=parts(whenDeleted=_kept, whenScaled=_kept),
        volumeClaimTemplates=every(always(spec=CLAIM_SPEC)),
        ordinals=parts(start=not_negative),
        serviceName=DNS_LABEL,
    ),
}
