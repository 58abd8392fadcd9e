"""Budgets of disruptions: ``pkg/apis/policy/validation``."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.kubernetes.validation.fields import Errors, ObjectField
from toolkit.kubernetes.validation.metadata import metadata
from toolkit.kubernetes.validation.names import PATH_SEGMENT, label_selector
from toolkit.kubernetes.validation.rules import (
    NotEmpty,
    Rule,
    at_most_100_percent,
    both,
    number_or_percentage,
    one_of,
    parts,
)

_AMOUNT = both(number_or_percentage, at_most_100_percent)


def _one_amount(spec: ObjectField) -> Errors:
    if spec.at("minAvailable").set and spec.at("maxUnavailable").set:
        yield spec.invalid("must have only one of `minAvailable` and `maxUnavailable`")


KINDS: Mapping[str, Rule] = {
    "policy/v1 PodDisruptionBudget": both(
        metadata(PATH_SEGMENT),
        parts(
            spec=parts(
                _one_amount,
                minAvailable=_AMOUNT,
                maxUnavailable=_AMOUNT,
                selector=label_selector,
                unhealthyPodEvictionPolicy=NotEmpty(one_of("AlwaysAllow", "IfHealthyBudget")),
            )
        ),
    ),
}
