"""Autoscalers as people could write them."""

from __future__ import annotations

from hypothesis import strategies as st

from toolkit.kubernetes.autoscaling.spec import (
    Behavior,
    CrossVersionReference,
    Metric,
    MetricTarget,
    Policy,
    ScalingRules,
    Spec,
)

CPU = Metric("Resource", "cpu", MetricTarget("Utilization", 50))

policies = st.builds(
    Policy,
    st.sampled_from(["Pods", "Percent"]),
    st.integers(1, 150),
    st.sampled_from([15_000, 30_000, 60_000, 120_000]),
)
rules = st.builds(
    ScalingRules,
    st.lists(policies, min_size=1, max_size=3).map(tuple),
    st.sampled_from([0, 15_000, 60_000, 300_000]),
    st.sampled_from(["Max", "Min"]),
)
behaviors = st.none() | st.builds(Behavior, rules, rules)


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """With one CPU target, and room between minimum and maximum."""
    minimum = draw(st.integers(1, 5))
    maximum = minimum + draw(st.integers(0, 40))
    return Spec(
        CrossVersionReference("Deployment", "app"), maximum, (CPU,), minimum, draw(behaviors)
    )
