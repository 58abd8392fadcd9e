"""The shipper does not read the log that the service writes."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from toolkit.checks import check
from toolkit.deployment.site import Site
from toolkit.evidence.logs.shipped_files import ShippedFiles, ShippedPath, shipped_files
from toolkit.findings import Finding, Mark
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=shipped_files)
def unread_log(expected: LogExpectation, observed: ShippedFiles) -> Iterator[Finding]:
    """The shipper reads the log of the service, from folders that its container has.

    ## Why it matters
    A path that matches no file is no error for Filebeat: it waits for files that may come. No
    line is shipped, and nothing reports that.

    ## How to fix it
    Make the last part of a path under `paths:` match the name of the log, and mount the volume
    with the log at the folder that it names.

    ## Reference
    https://www.elastic.co/guide/en/beats/filebeat/current/filebeat-input-filestream.html
    """
    known = [(each, each.text) for each in observed.paths if each.text]
    names = [PurePosixPath(text).name for _, text in known]
    read = any(fnmatchcase(observed.log, name) for name in names)
    if observed.log and names and len(known) == len(observed.paths) and not read:
        yield _other_name(observed.log, known[0][0], names[0])
    for path, text in known:
        bare = [site for site in observed.sites if not _is_mounted(site, text)]
        if bare and len(bare) == len(observed.sites):
            yield _not_mounted(path, text, bare[0])


def _is_mounted(site: Site, path: str) -> bool:
    """True if a volume holds files of a glob, or if the path is not one of the container."""
    parts = PurePosixPath(path).parts
    return not path.startswith("/") or any(
        "$" in mount.target or all(map(fnmatchcase, PurePosixPath(mount.target).parts, parts))
        for mount in site.mounts
    )


def _other_name(log: str, path: ShippedPath, name: str) -> Finding:
    return Finding(
        what=f"no path of the shipper matches the log of the service, `{log}`",
        where=path.where,
        why=f"the files that it reads are named `{name}`; `service: log:` names the log",
        fix=f"write `{log}` as the last part of the path, or `{log}*` with rotated files.",
    )


def _not_mounted(path: ShippedPath, text: str, site: Site) -> Finding:
    return Finding(
        what=f"`{site.name}` has no volume with the files at `{text}`",
        where=path.where,
        why="a container sees its image and its volumes, and the image has no such logs",
        fix="mount the volume with the logs there, or name the folder at which it is mounted.",
        marks=(Mark("container", site.origin),),
    )
