"""Scrapes: the targets of jobs, their labels, and what relabeling makes of both.

Source: Prometheus 2.42 and 3.x, `model/relabel` and `scrape/target.go`.
"""
