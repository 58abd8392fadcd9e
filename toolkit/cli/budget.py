"""``toolkit budget``: the resources that manifests request, and those of their node."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from toolkit.cli._contract import read_scope
from toolkit.cli._errors import print_finding
from toolkit.cli._evidence import evidence_of
from toolkit.connectors.files import FileSystem
from toolkit.errors import InputError, Unavailable, UsageError
from toolkit.evidence.kubernetes.budgets import budget
from toolkit.evidence.kubernetes.heaps import heaps
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.evidence.kubernetes.manifests import manifests as manifests_of
from toolkit.evidence.kubernetes.unrendered import UNRENDERED
from toolkit.findings import Finding, Location
from toolkit.kubernetes.quantities import QuantityError
from toolkit.model.contract import Contract, Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation, NodeExpectation
from toolkit.reports.terminal.budget import render
from toolkit.reports.terminal.finding import UNPROVEN


@click.command("budget")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
@click.option(
    "--manifests",
    multiple=True,
    metavar="GLOB",
    help="Manifests, instead of those of a contract; repeatable.",
)
@click.option("--memory", metavar="QUANTITY", help="Memory of the node, such as 6144Mi.")
@click.option("--cpu", metavar="QUANTITY", help="CPU of the node, such as 4; with --memory.")
def command(
    contract: Path, manifests: tuple[str, ...], memory: str | None, cpu: str | None
) -> None:
    """Print the memory and CPU that the manifests of CONTRACT (default: toolkit.yml) request.

    Requests and limits of each pod, at the maximum number of pods that autoscalers allow, with
    Java heaps, the reservations of the contract, and its node.

    Exits 0 if they fit the node, or no node is declared; 1 if they do not; 3 if they fit, and
    charts or kustomizations are left out that cannot be rendered here.
    """
    expected, folder = _expected(contract, manifests, memory, cpu)
    found = _manifests(expected, folder)
    left_out = [each.why for each in found.unread if each.why.kind == UNRENDERED]
    if left_out and not found.manifests:
        raise Unavailable(*left_out)
    found.require()
    total = budget(found, expected.node)
    click.echo(render(total, heaps(found)), nl=False)
    for each in left_out:
        print_finding(each, UNPROVEN)
    sys.exit(1 if total.memory_over or total.cpu_over else 3 * bool(left_out))


def _expected(
    contract: Path, manifests: tuple[str, ...], memory: str | None, cpu: str | None
) -> tuple[KubernetesExpectation, Path]:
    """Return the expectation of the call or the contract, and the folder of its paths."""
    called = Location("command line")
    if manifests:
        expected, folder = KubernetesExpectation(declared=called, manifests=manifests), Path()
    else:
        scope = read_scope(contract)
        if scope.contract.kubernetes is None:
            raise UsageError(_no_manifests(scope.contract.declared))
        expected, folder = scope.contract.kubernetes, Path(scope.folder)
    if memory is None:
        return expected, folder
    try:
        node = NodeExpectation(declared=called, memory=memory, cpu=cpu)
    except QuantityError as error:
        raise UsageError.of(
            what=str(error),
            where=called,
            why="a quantity is a number and a unit",
            fix="write `--memory 6144Mi` or `--cpu 3500m`.",
        ) from None
    reserved = expected.node.reserved if expected.node else {}
    return replace(expected, node=replace(node, reserved=reserved)), folder


def _manifests(expected: KubernetesExpectation, folder: Path) -> Manifests:
    contract = Contract(declared=expected.declared, kubernetes=expected)
    query = manifests_of(expected, Scope(contract, folder.as_posix()))
    if query is None:
        raise UsageError(_no_manifests(expected.declared))
    found: Manifests = evidence_of(query, [FileSystem(folder)], InputError)
    return found


def _no_manifests(where: Location) -> Finding:
    return Finding(
        what="the contract has no manifests",
        where=where,
        why="there are no requests to add up",
        fix="give `--manifests GLOB`, or add `kubernetes: {manifests: k8s/*.yaml}`.",
    )
