"""A manifest runs an image by a tag that nothing builds."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.kubernetes.images import Images, images, name_and_tag
from toolkit.findings import Finding, Mark, Subject
from toolkit.model.expectations.kubernetes import KubernetesExpectation


@check(expects=KubernetesExpectation, queries=images)
def image_drift(expected: KubernetesExpectation, observed: Images) -> Iterator[Finding]:
    """Every image that is built here runs by a tag that is built here.

    ## Why it matters
    With the tag raised in the README and not in the manifest, the pods wait for an image that
    no registry has (`ErrImageNeverPull`, `ImagePullBackOff`), or run the one of last month.

    ## How to fix it
    Write the same tag in the build command and in the manifest.

    ## Reference
    https://kubernetes.io/docs/concepts/containers/images/#image-names
    """
    for container in observed.containers:
        name, stated = name_and_tag(container.image)
        tag = stated or "latest"
        builds = observed.tags(name)
        if any(each.tag in (None, tag) for each in builds):
            continue
        first = builds[0]
        yield Finding(
            what=f"`{container.name}` of {container.workload} runs `{name}:{tag}`, "
            f"and `{first.tag}` is what is built",
            where=container.locate_value("image"),
            why=f"{first.where} builds `{name}:{first.tag}`; nothing builds `{tag}`",
            fix=f"write `image: {name}:{first.tag}`, or build `{tag}`.",
            marks=(Mark("build", first.where),),
            breaks=(Subject("image", f"{name}:{tag}"),),
        )
