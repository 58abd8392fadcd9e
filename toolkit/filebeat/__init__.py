"""Filebeat without a shipper: the effects of its configuration on lines.

This package is independent of contracts and checks, and can be used by itself.
"""
