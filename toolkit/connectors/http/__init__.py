"""Servers reached by HTTP: addresses and credentials, patience, and why one did not answer."""

from toolkit.connectors.http.access import Access
from toolkit.connectors.http.client import Client, Reply

__all__ = ["Access", "Client", "Reply"]
