"""Loads over time, read from what people write and from what tools record.

A file that ends in ``.csv`` is a table of times and values, or the history that Locust writes; one
in ``.json`` or ``.jsonl`` is a run that `toolkit scale` has kept; any other is YAML, by hand.
"""

from __future__ import annotations

from toolkit.evidence.autoscaling.autoscalers import Scalable
from toolkit.evidence.autoscaling.loads.load import LoadTrace
from toolkit.evidence.autoscaling.loads.recorded import read_run
from toolkit.evidence.autoscaling.loads.tables import read_table
from toolkit.evidence.autoscaling.loads.written import read_written
from toolkit.evidence.files import File, decode

__all__ = ["LoadTrace", "read_load"]


def read_load(file: File, scaled: Scalable, cost: str | None) -> LoadTrace:
    """Read a load for an autoscaler; ``cost`` is the CPU of a request where the file has none.

    Raises `InputError` with the place of what cannot be understood.
    """
    text = decode(file, "a trace of load")
    match file.name.rpartition(".")[2]:
        case "csv":
            return read_table(file.name, text, scaled, cost)
        case "json" | "jsonl":
            return read_run(file.name, text, scaled)
        case _:
            return read_written(file.name, text, scaled, cost)
