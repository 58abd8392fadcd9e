"""The manifests, and what makes some of them from `pipelines/`."""
