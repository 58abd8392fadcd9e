"""The HorizontalPodAutoscaler's arithmetic, as in Kubernetes 1.34.4, without a cluster.

Pure functions on frozen data. One sync passes them in this order: `proposals` (one
of each metric), `normalization` (windows, rate limits, minimum and maximum), and
`controller` (conditions, events, status, and memory).
"""
