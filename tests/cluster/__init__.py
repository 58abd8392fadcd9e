"""What only a real control plane can show: run by `make test-cluster`, not by `make test`."""
