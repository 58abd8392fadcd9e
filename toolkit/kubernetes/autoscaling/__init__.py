"""The HorizontalPodAutoscaler's arithmetic, as Kubernetes 1.34.4 does it, without a cluster.

Pure functions on frozen data. One sync goes through them in this order: `proposals` (one
of each metric), `normalization` (windows, rate limits, minimum and maximum), and
`controller` (conditions, events, status, and what is remembered).
"""
