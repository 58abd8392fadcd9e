"""What the fix of a finding says, done literally."""

from tests.fixes.rules import fixed

__all__ = ["fixed"]
