"""Users who want CPU; ``LOAD_CONNECTIONS=keep`` keeps their connections, ``LOAD_IDLE`` them."""

from __future__ import annotations

import os

from locust import HttpUser, constant_pacing, task


class Worker(HttpUser):
    wait_time = constant_pacing(0.2)

    def on_start(self) -> None:
        if os.environ.get("LOAD_CONNECTIONS") != "keep":
            self.client.headers["Connection"] = "close"

    @task
    def work(self) -> None:
        if "LOAD_IDLE" not in os.environ:
            self.client.get("/work")
