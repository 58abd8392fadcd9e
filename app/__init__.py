"""The reference service: the thing whose logs and metrics the pipelines carry."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.config import Config

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["create_app"]


def create_app(config: Config | None = None) -> Flask:
    """Build the WSGI application; without a configuration, from the environment.

    Raises `app.config.ConfigError`.
    """
    # prometheus_client chooses its storage when it is first imported: here, after
    # gunicorn's configuration has named the folder the workers share.
    from app.service import build

    return build(config or Config.from_environment(os.environ))
