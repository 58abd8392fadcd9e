"""What pytest leaves alone here: to import Locust patches the whole process."""

from __future__ import annotations

collect_ignore = ["users.py"]
