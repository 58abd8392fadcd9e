"""The manifests that ship."""
