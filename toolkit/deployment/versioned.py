"""Sites of which files state the product and its version, and nothing else.

They are the objects from which operators make workloads, and the charts that deploy a product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from toolkit.deployment.site import PRODUCTS, Image, Site
from toolkit.deployment.tree import Tree
from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.yaml_dialects import GO_YAML_3

_GROUPS = re.compile(r"\w+\.k8s\.elastic\.co|monitoring\.coreos\.com")
"""The API groups of operators whose objects state the version of a product."""
_NAMES = (("repository", "tag"), ("image", "imageTag"), ("name", "appVersion"))
"""Keys of charts and their values that name an image or a product, and its version."""


def of_operators(manifests: Iterable[Manifest]) -> Iterator[Site]:
    """Yield a site for each object of a product that states its version."""
    for each in manifests:
        kind = str(each.get("spec", "type") if each.kind == "Beat" else each.kind).lower()
        group, version = each.api_version.partition("/")[0], each.get("spec", "version")
        if _GROUPS.fullmatch(group) and kind in PRODUCTS and isinstance(version, str):
            where = each.locate_value("spec", "version")
            yield _site(each.name, f"{kind}:{version}", where)


def of_charts(tree: Tree, paths: Iterable[str]) -> Iterator[Site]:
    """Yield a site for each product that a chart, or the values of one, state the version of."""
    for path in paths:
        text = tree.text(path)
        for document in read_documents(text, tree.shown(path), GO_YAML_3, what="it").found:
            yield from _stated(PositionedNode(document))


def _stated(node: PositionedNode) -> Iterator[Site]:
    for name, version in _NAMES:
        stated = f"{node.at(name).raw}:{node.at(version).raw}"
        site = _site(name, stated, node.locate(version))
        if site.image and site.image.product and site.image.version:
            yield site
    for below in node.values():
        yield from _stated(below)


def _site(name: str, image: str, where: Location) -> Site:
    return Site(name, "stated", where, Image(image, where))
