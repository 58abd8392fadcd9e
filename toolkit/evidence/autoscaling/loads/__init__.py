"""Load traces: written by hand, or recorded by tools.

A file that ends in ``.csv`` is a table of times and values, or the history of Locust; one
in ``.json`` or ``.jsonl`` is a recorded run of `toolkit scale`; any other is YAML.
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
    """Parse a load trace.

    Args:
        file: The file.
        scaled: The autoscaler that it is for.
        cost: CPU of a request, such as ``15ms``, if the file has none.

    Raises:
        InputError: At the place of the fault.
    """
    text = decode(file, "a trace of load")
    match file.name.rpartition(".")[2]:
        case "csv":
            return read_table(file.name, text, scaled, cost)
        case "json" | "jsonl":
            return read_run(file.name, text, scaled)
        case _:
            return read_written(file.name, text, scaled, cost)
