"""Deployments: which files, variables, versions and addresses a program has where it runs.

A repository is read into sites (containers and host processes), and a site is asked for the
value of a variable, the file behind a path, the version of a product and the listener at an
address. What the repository does not settle is `Unknown`, with a reason.
"""
