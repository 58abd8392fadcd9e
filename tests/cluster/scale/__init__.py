"""`toolkit scale --kube-context` against a real control plane."""
