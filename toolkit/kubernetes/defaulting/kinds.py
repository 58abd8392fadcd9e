"""The defaults of objects, by API group and kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.kubernetes.defaulting.forms import Body, Form, filled
from toolkit.kubernetes.defaulting.pods import CLAIM_SPEC, POD, TEMPLATE
from toolkit.kubernetes.manifests import dig, mapping


def _within(path: str, form: Form) -> Form:
    """Return the form of an object with ``form`` at a dotted path, whose mappings always exist."""
    for key in reversed(path.split(".")):
        form = Form({key: {}}, parts={key: form})
    return form


def _rolling(defaults: Mapping[str, Any], *, always: bool = True) -> Form:
    """Return the form of an update strategy; its numbers matter for rolling updates only.

    Args:
        defaults: The numbers.
        always: True if they are set even where the strategy is written without them.
    """

    def rule(strategy: Body) -> None:
        rolling = strategy.get("rollingUpdate")
        rolling = {} if rolling is None and (always or not strategy.get("type")) else rolling
        strategy["type"] = strategy.get("type") or "RollingUpdate"
        if strategy["type"] == "RollingUpdate" and rolling is not None:
            strategy["rollingUpdate"] = filled(rolling, Form(defaults))

    return Form(rule=rule)


def _workload(spec: Mapping[str, Any], **strategy: Form) -> Form:
    made: Mapping[str, Any] = {key: {} for key in ("template", *strategy)}
    return _within("spec", Form({**spec, **made}, parts={"template": TEMPLATE, **strategy}))


def _stateful_set(spec: Body) -> None:
    kept = Form({}, {"whenDeleted": "Retain", "whenScaled": "Retain"})
    policy = "persistentVolumeClaimRetentionPolicy"
    spec[policy] = filled(spec.get(policy) or {}, kept)


def _replication_controller(body: Body) -> None:
    if labels := mapping(dig(body, "spec", "template", "metadata", "labels")):
        spec = body["spec"]
        body["spec"] = {**spec, "selector": spec.get("selector") or labels}
        _labelled(body, labels)


def _labelled(body: Body, labels: Mapping[str, Any]) -> None:
    about = mapping(body.get("metadata"))
    body["metadata"] = {**about, "labels": about.get("labels") or labels}


def _job(body: Body) -> None:
    if labels := mapping(dig(body, "spec", "template", "metadata", "labels")):
        _labelled(body, labels)


def _job_spec(spec: Body) -> None:
    if spec.get("parallelism") is None:
        spec["parallelism"] = 1
        if spec.get("completions") is None:
            spec["completions"] = 1
    if spec.get("backoffLimit") is None:
        spec["backoffLimit"] = 6 if spec.get("backoffLimitPerIndex") is None else 2**31 - 1
    if spec.get("podReplacementPolicy") is None:
        policy = spec.get("podFailurePolicy")
        spec["podReplacementPolicy"] = "TerminatingOrFailed" if policy is None else "Failed"


def _service(spec: Body) -> None:
    timeout = dig(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds")
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP" and timeout is None:
        spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": 10800}}
    outside = spec["type"] in ("NodePort", "LoadBalancer")
    if outside or (spec["type"] == "ClusterIP" and spec.get("externalIPs")):
        spec["externalTrafficPolicy"] = spec.get("externalTrafficPolicy") or "Cluster"
    if outside or spec["type"] == "ClusterIP":
        internal = spec.get("internalTrafficPolicy")
        spec["internalTrafficPolicy"] = "Cluster" if internal is None else internal
    if spec["type"] == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts") is None:
        spec["allocateLoadBalancerNodePorts"] = True


def _service_port(port: Body) -> None:
    port["targetPort"] = port.get("targetPort") or port.get("port")


def _autoscaler(spec: Body) -> None:
    spec["metrics"] = spec.get("metrics") or [_CPU_AT_80]


def _limit(limit: Body) -> None:
    """Derive the defaults of a container from its bounds."""
    if limit.get("type") == "Container":
        least, most = mapping(limit.get("min")), mapping(limit.get("max"))
        limit["default"] = {**most, **mapping(limit.get("default"))}
        stated = mapping(limit.get("defaultRequest"))
        limit["defaultRequest"] = {**least, **limit["default"], **stated}


def _namespace(body: Body) -> None:
    about = mapping(body.get("metadata"))
    if name := about.get("name"):
        labels = {**mapping(about.get("labels")), "kubernetes.io/metadata.name": name}
        body["metadata"] = {**about, "labels": labels}


def _network_policy(spec: Body) -> None:
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", *(["Egress"] if spec.get("egress") else [])]


def _subject(subject: Body) -> None:
    if subject.get("kind") in ("User", "Group"):
        subject["apiGroup"] = subject.get("apiGroup") or _RBAC


_RBAC = "rbac.authorization.k8s.io"
_CPU_AT_80: Mapping[str, Any] = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
}
_PERCENT = {"type": "Percent", "value": 100, "periodSeconds": 15}
_UP = {
    "stabilizationWindowSeconds": 0,
    "selectPolicy": "Max",
    "policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}, _PERCENT],
}
_DOWN = {"selectPolicy": "Max", "policies": [_PERCENT]}
BEHAVIOR = Form(
    {"scaleUp": {}, "scaleDown": {}}, parts={"scaleUp": Form(_UP), "scaleDown": Form(_DOWN)}
)
"""The ``behavior`` of a HorizontalPodAutoscaler."""
AUTOSCALER_SPEC = Form({"minReplicas": 1}, parts={"behavior": BEHAVIOR}, rule=_autoscaler)
"""The spec of a HorizontalPodAutoscaler of ``autoscaling/v2``."""
_AUTOSCALERS = {
    "autoscaling/v1": Form({"minReplicas": 1, "targetCPUUtilizationPercentage": 80}),
    "autoscaling/v2": AUTOSCALER_SPEC,
}


def _any_autoscaler(body: Body) -> None:
    if form := _AUTOSCALERS.get(str(body.get("apiVersion"))):
        body["spec"] = filled(body.get("spec"), form)


_CLAIM = Form(
    {"spec": {}, "status": {}},
    parts={"spec": CLAIM_SPEC, "status": Form({}, {"phase": "Pending"})},
)
_PORTS = Form(parts={"ports": Form(unset={"protocol": "TCP"})})
_HISTORY = {"revisionHistoryLimit": 10}
_QUARTERS = {"maxUnavailable": "25%", "maxSurge": "25%"}
_FAILURES = Form(parts={"rules": Form(parts={"onPodConditions": Form({}, {"status": "True"})})})
_JOB_PARTS = {"template": TEMPLATE, "podFailurePolicy": _FAILURES}
_BINDING = Form(
    {"roleRef": {}},
    parts={"roleRef": Form({}, {"apiGroup": _RBAC}), "subjects": Form(rule=_subject)},
)

KINDS: Mapping[tuple[str, str], Form] = {
    ("", "Pod"): POD,
    ("", "PodTemplate"): Form({"template": {}}, parts={"template": TEMPLATE}),
    ("", "ReplicationController"): Form(
        {"spec": {}},
        parts={"spec": Form({"replicas": 1}, parts={"template": TEMPLATE})},
        rule=_replication_controller,
    ),
    ("apps", "Deployment"): _workload(
        {"replicas": 1, "progressDeadlineSeconds": 600, **_HISTORY}, strategy=_rolling(_QUARTERS)
    ),
    ("apps", "DaemonSet"): _workload(
        _HISTORY, updateStrategy=_rolling({"maxUnavailable": 1, "maxSurge": 0})
    ),
    ("apps", "ReplicaSet"): _workload({"replicas": 1}),
    ("apps", "StatefulSet"): _within(
        "spec",
        Form(
            {"replicas": 1, **_HISTORY, "template": {}, "updateStrategy": {}},
            {"podManagementPolicy": "OrderedReady"},
            {
                "template": TEMPLATE,
                "updateStrategy": _rolling({"partition": 0}, always=False),
                "volumeClaimTemplates": _CLAIM,
            },
            _stateful_set,
        ),
    ),
    ("batch", "Job"): Form(
        {"spec": {}},
        parts={
            "spec": Form(
                {
                    "completionMode": "NonIndexed",
                    "suspend": False,
                    "manualSelector": False,
                    "template": {},
                },
                parts=_JOB_PARTS,
                rule=_job_spec,
            )
        },
        rule=_job,
    ),
    ("batch", "CronJob"): _within(
        "spec",
        Form(
            {
                "suspend": False,
                "successfulJobsHistoryLimit": 3,
                "failedJobsHistoryLimit": 1,
                "jobTemplate": {},
            },
            {"concurrencyPolicy": "Allow"},
            {"jobTemplate": _within("spec", Form({"template": {}}, parts=_JOB_PARTS))},
        ),
    ),
    ("autoscaling", "HorizontalPodAutoscaler"): Form({"spec": {}}, rule=_any_autoscaler),
    ("", "Service"): _within(
        "spec",
        Form(
            {},
            {"sessionAffinity": "None", "type": "ClusterIP"},
            {"ports": Form({}, {"protocol": "TCP"}, rule=_service_port)},
            _service,
        ),
    ),
    ("", "Endpoints"): Form(
        parts={"subsets": Form(parts={"ports": Form({}, {"protocol": "TCP"})})}
    ),
    ("", "PersistentVolumeClaim"): _CLAIM,
    ("", "PersistentVolume"): _within(
        "spec",
        Form({"volumeMode": "Filesystem"}, {"persistentVolumeReclaimPolicy": "Retain"}),
    ),
    ("", "Secret"): Form({}, {"type": "Opaque"}),
    ("", "LimitRange"): Form(
        {"spec": {}}, parts={"spec": Form(parts={"limits": Form(rule=_limit)})}
    ),
    ("", "Namespace"): Form(rule=_namespace),
    ("storage.k8s.io", "StorageClass"): Form(
        {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"}
    ),
    ("networking.k8s.io", "NetworkPolicy"): _within(
        "spec", Form(parts={"ingress": _PORTS, "egress": _PORTS}, rule=_network_policy)
    ),
    (_RBAC, "RoleBinding"): _BINDING,
    (_RBAC, "ClusterRoleBinding"): _BINDING,
}
