"""The rule files that a configuration of Prometheus means: by their paths where it can be."""

from __future__ import annotations

import pytest

from toolkit.deployment.tree import Tree
from toolkit.evidence.metrics.loaded_rules import configurations, loads, unnamed_rules


def tree(**patterns: str) -> Tree:
    """A tree with configurations in folders, and two rule files of one name."""
    contents = {f"{folder}/rules/app.yml": b"groups: []" for folder in ("a", "b")}
    for folder, pattern in patterns.items():
        text = f"global: {{}}\nscrape_configs: []\nrule_files: ['{pattern}']\n"
        contents[f"{folder}/prometheus.yml"] = text.encode()
    return Tree(contents)


@pytest.mark.parametrize(
    ("pattern", "rules", "loaded"),
    [
        ("rules/*.yml", "a/rules/app.yml", True),
        ("rules/*.yml", "b/rules/app.yml", False),
        ("rules/*.yml", "a/rules/*.yml", True),
        ("./rules/app.yml", "**/app.yml", True),
        ("../b/rules/app.yml", "b/rules/app.yml", True),
        ("/etc/prometheus/rules/app.yml", "a/rules/app.yml", True),
        ("/etc/prometheus/rules/app.yml", "b/rules/app.yml", False),
        ("/etc/alerts/app.yml", "b/rules/app.yml", True),
        ("/etc/alerts/other.yml", "b/rules/app.yml", False),
    ],
)
def test_a_pattern_means_the_files_beside_its_configuration(
    pattern: str, rules: str, loaded: bool
) -> None:
    found = tree(a=pattern)
    ((_, document),) = configurations(found)
    assert loads(found, document, [rules]) is loaded


def test_rule_files_of_the_same_name_in_another_folder_are_not_named() -> None:
    both = tree(a="rules/app.yml", b="rules/app.yml")
    assert unnamed_rules(both, ["a/rules/app.yml", "b/rules/app.yml"]) is None
    found = unnamed_rules(both, ["a/rules/app.yml"])
    assert found is not None
    assert (found[0], found[1].source) == ("rules/app.yml", "b/prometheus.yml")
