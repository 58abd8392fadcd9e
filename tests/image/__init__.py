"""The image: built from the Dockerfile as it is, and run as the cluster runs it."""
