"""pytest collects contracts: every step of a `toolkit.yml` is an item.

Entry point ``pytest11``. UNPROVEN fails with its reason unless it is suppressed; it is never
skipped. Fixtures for a service's own tests are in here as well.
"""

from __future__ import annotations
