"""Bounds on figures, as people write them: ``< 250 ms``, ``<= 1 %``."""

from __future__ import annotations

import re
from typing import Self

PATTERN = r"^\s*(<=?)\s*(\d+(?:\.\d+)?)\s*(s|ms|us|ns|%)?\s*$"
_SCALES = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "%": 1e-2, "": 1.0}


class Threshold(str):
    """An upper bound of a time or of a share."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Raise `ValueError` for a text that is no bound."""
        if re.match(PATTERN, text) is None:
            raise ValueError(f"`{text}` is no bound, such as `< 250 ms`")
        return super().__new__(cls, text)

    @property
    def limit(self) -> float:
        """The bound in seconds, or as a share of one.

        >>> Threshold("< 250 ms").limit, Threshold("<= 1 %").limit
        (0.25, 0.01)
        """
        _, number, unit = self._parts()
        return float(number) * _SCALES[unit]

    @property
    def unit(self) -> str:
        """The unit it is written in; empty for a bare number."""
        return self._parts()[2]

    def kept_by(self, value: float) -> bool:
        """Return True if ``value``, in seconds or as a share of one, is within the bound.

        >>> Threshold("< 1 s").kept_by(1.0), Threshold("<= 1 s").kept_by(1.0)
        (False, True)
        """
        return value <= self.limit if self._parts()[0] == "<=" else value < self.limit

    def shown(self, value: float) -> str:
        """Return ``value`` in the unit of the bound.

        >>> Threshold("< 250 ms").shown(0.312)
        '312 ms'
        """
        return f"{value / _SCALES[self.unit]:.4g} {self.unit}".rstrip()

    def _parts(self) -> tuple[str, str, str]:
        found = re.match(PATTERN, self)
        assert found is not None, self
        return found[1], found[2], found[3] or ""
