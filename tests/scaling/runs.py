"""Runs of scaling, written down in cases a line each, instead of made."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from toolkit.evidence.autoscaling.scaling import EndpointLoad, Moment, Scaled, ScalingRun, Share
from toolkit.findings import Finding, Location
from toolkit.model.queries import Answer, Leaf, QueryFailure

_MOMENT = {"users": 4, "requests": 50, "failures": 0, "rate": 33.3, "p95": 0.1, "generator": 0.1}


@dataclass(frozen=True)
class CaseScaling:
    """The block ``scaling`` as a run: syncs 1.5 s apart, 1 s here is 10 s of the cluster.

    Lines begin with ``autoscaler``, ``load`` or ``rest`` (a sync), ``endpoint``, ``replica``, or
    ``void`` and its reason.
    """

    blocks: Mapping[str, str]
    system: str = "scaling"

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        run = run_of(self.blocks["scaling"])
        answer = Answer(run, "Locust on this machine", run.requests, "requests")
        return {query: answer for query in queries if isinstance(query, ScalingRun)}

    def close(self) -> None:
        """Nothing is ever under way."""


def run_of(block: str) -> Scaled:
    """The run that the lines of ``block`` describe."""
    lines = [shlex.split(line) for line in block.splitlines()]
    read = [(words[0], words[1:]) for words in lines]
    phases: dict[str, Literal["load", "rest"]] = {"load": "load", "rest": "rest"}
    moments = [(phases[kind], _values(words)) for kind, words in read if kind in phases]
    about: dict[str, Any] = {
        "autoscaler": "shop",
        "minimum": 1,
        "maximum": 5,
        "target": 60,
        "unit": "%",
        "most": 500,
        "speed": 10.0,
        "deadline": 26.0,
        "ended": "reached",
    }
    for kind, words in read:
        about |= _values(words) if kind == "autoscaler" else {}
    return Scaled(
        moments=tuple(
            Moment(at=1.5 * number, phase=kind, **_MOMENT | values)
            for number, (kind, values) in enumerate(moments, 1)
        ),
        endpoints=tuple(EndpointLoad(w[0], **_values(w[1:])) for k, w in read if k == "endpoint"),
        voided=tuple(_void(w[0]) for k, w in read if k == "void"),
        shares=tuple(Share(w[0], **_values(w[1:])) for k, w in read if k == "replica"),
        **about,
    )


def _void(what: str) -> Finding:
    where = Location("kubernetes:shop/Deployment/shop")
    return Finding(what, where, "what was seen is of two versions", "wait until it is done.")


def _values(words: Sequence[str]) -> dict[str, Any]:
    pairs = (word.partition("=") for word in words)
    return {name: _value(text) for name, _, text in pairs}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
