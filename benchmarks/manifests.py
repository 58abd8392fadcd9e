"""``toolkit verify`` on 500 manifests, from start to end."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import child_seconds, table

_SHOPS = 100
_CONTRACT = 'kubernetes: {manifests: "*.yaml"}\n'
_SHOP = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels: {{app: {name}}}
spec:
  selector:
    matchLabels: {{app: {name}}}
  strategy:
    rollingUpdate: {{maxSurge: 1, maxUnavailable: 0}}
  template:
    metadata:
      labels: {{app: {name}}}
    spec:
      securityContext: {{runAsNonRoot: true, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
      - name: app
        image: example.com/{name}:1.0
        envFrom:
        - configMapRef: {{name: {name}}}
        ports:
        - {{name: http, containerPort: 8080}}
        readinessProbe:
          httpGet: {{path: /ready, port: http}}
        resources:
          requests: {{cpu: 100m, memory: 64Mi}}
          limits: {{memory: 128Mi}}
        volumeMounts:
        - {{name: scratch, mountPath: /tmp}}
      volumes:
      - name: scratch
        emptyDir: {{}}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec:
  selector: {{app: {name}}}
  ports:
  - {{name: http, port: 80, targetPort: http}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: {name}}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {name}}}
  minReplicas: 2
  maxReplicas: 10
  metrics:
  - type: Resource
    resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 70}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: {name}}}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{app: {name}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}}}
data:
  LEVEL: info
  COLOUR: "{number}"
"""


def main() -> None:
    """Print seconds of processor time."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "toolkit.yml").write_text(_CONTRACT, "utf-8")
        for number in range(_SHOPS):
            text = _SHOP.format(name=f"shop-{number}", number=number)
            (folder / f"{number:03}.yaml").write_text(text, "utf-8")
        verify = [sys.executable, "-m", "toolkit", "verify", str(folder / "toolkit.yml")]
        for only in ("*", "manifests/schema", "manifests/refused"):
            seconds = child_seconds([*verify, "--only", only])
            rows.append((f"`{only}`", f"{seconds:.2f}"))
    objects = _SHOPS * _SHOP.count("\nkind: ")
    table(f"`toolkit verify`, {objects} manifests, s of CPU", ("`--only`", "s"), rows)
