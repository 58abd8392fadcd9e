"""Evidence on Kubernetes: manifests, schemas, budgets and answers of a cluster."""
