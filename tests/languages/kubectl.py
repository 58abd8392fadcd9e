"""Texts of which the real kubectl says how it reads them.

``python -m tests.languages.kubectl`` writes `kubectl-1.33.json`: for each text the objects that
``kubectl label --local --output json`` prints, or null where it refuses the text.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.real.kubectl import program

RECORDED = Path(__file__).with_name("kubectl-1.33.json")

SCALARS = """
= == =x << < ~ null Null NULL nULL true True TRUE tRUE yes Yes YES yEs no No NO on On ON off OFF
y Y n N 0 -0 +5 1 1_000 1__0 _1 1_ 010 0o10 0O10 -010 08 0x1F 0X1f -0x1 0b101 -0b11 0b2 1e3 1E3
1e-3 1. .5 -.5 +.5 ._5 1.5e3 1_0.5 1e999 -1e999 1.0 0.1 3.14159265358979323846 -0.0 12:30
12:30:45 1:2.5 2026-01-01 2026-1-1 2026-13-45 2026-01-01T00:00:00Z 2026-01-01t00:00:00+01:00
12345-1-1 -1 + 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809
18446744073709551615 18446744073709551616 +9223372036854775808 123456789012345678901234567890
a.b a:b a#b 1s 1m 100m 1Gi 50% 0x 0o8 1,000 !x "yes" '1' "" '' !!str?1 !!str?yes !!int?1 !!int?"1"
!!float?1 !!float?1.5 !!bool?yes !!null? !!str? !!binary?aGk= !!timestamp?2026-01-01 !x?1 !?1 !?yes
""".replace("?", "\0").split()
"""One each; `?` is a blank."""

HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
_JSON = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}'
_POD = "{apiVersion: v1, kind: Pod, metadata: {name: a}}"

TEXTS = {
    "comments beside separators": f"--- # first\n{HEAD}--- # second\n{HEAD}",
    "content beside a separator": f"--- {_POD}\n",
    "a tag beside a separator": f"--- !x\n{HEAD}",
    "no blank behind a separator": f"{HEAD}---x: 1\n",
    "an end": f"{HEAD}...\n---\n{HEAD}",
    "an end alone": f"{HEAD}...\n{HEAD}",
    "separators at the end": f"{HEAD}---\n---\n\n",
    "a comment": "# nothing\n",
    "a separator": "---\n",
    "byte order marks": f"\ufeff{HEAD}---\n\ufeff{HEAD}",
    "carriage returns": f"{HEAD}---\n{HEAD}".replace("\n", "\r\n"),
    "carriage returns alone": HEAD.replace("\n", "\r"),
    "JSON": _JSON,
    "a stream of JSON": f"{_JSON}{_JSON}\n{_JSON}",
    "a surrogate pair in JSON": _JSON.replace(':"a"', ':"\\ud800\\udc00"'),
    "JSON with tabs": _JSON.replace(",", ",\n\t"),
    "JSON with a comma too many": _JSON.replace("}}", ",},}"),
    "JSON before YAML": f"{_JSON}\n---\n{HEAD}",
    "JSON after YAML": f"{HEAD}---\n{_JSON}",
    "a key twice": f"{HEAD}x: 1\nx: 2\n",
    "a key twice in JSON": _JSON[:-1] + ',"x":1,"x":2}',
    "a merge after": f"{HEAD}x: &x {{p: 1, q: 2}}\nz: {{p: 0, <<: *x}}\n",
    "a merge before": f"{HEAD}x: &x {{p: 1, q: 2}}\nz: {{<<: *x, p: 0}}\n",
    "a merge of several": f"{HEAD}x: &x {{a: 1, b: 2}}\nw: &w {{b: 4}}\nz: {{<<: [*x, *w]}}\n",
    "two merges": f"{HEAD}x: &x {{a: 1}}\nw: &w {{a: 2}}\nz: {{<<: *x, <<: *w}}\n",
    "a merge in place": f"{HEAD}z: {{<<: {{a: 1}}}}\n",
    "a merge of a number": f"{HEAD}z: {{<<: 1}}\n",
    "a merge of numbers": f"{HEAD}z: {{<<: [1]}}\n",
    "a merge of nothing": f"{HEAD}z: {{<<: }}\n",
    "a quoted merge": f"{HEAD}z: {{'<<': {{a: 1}}}}\n",
    "an alias of itself": f"{HEAD}z: &z [*z]\n",
    "an alias of nothing": f"{HEAD}z: *x\n",
    "an anchor twice": f"{HEAD}a: &x 1\nb: *x\nc: &x 2\nd: *x\n",
    "an anchor on a key": f"{HEAD}&x a: 1\nb: *x\n*x : 2\n",
    "an alias of another document": f"{HEAD}a: &x 1\n---\n{HEAD}b: *x\n",
    "an anchored truth": f"{HEAD}a: &x yes\nb: *x\n",
    "a key that is null": f"{HEAD}~: 1\n",
    "a key that is a list": f"{HEAD}? [a]\n: 1\n",
    "a key that is a mapping": f"{HEAD}a: {{{{ .x }}}}\n",
    "keys that are truths": f"{HEAD}yes: 1\non: 2\nn: 3\n",
    "keys that are numbers": f"{HEAD}1.10: 1\n1e3: 2\n0x10: 3\n010: 5\n2026-01-01: 6\n",
    "a tab that indents": f"{HEAD}a:\n\tb: 1\n",
    "a tab in a flow": f"{HEAD}a: {{\n\tb: 1}}\n",
    "infinity": f"{HEAD}a: .inf\n",
    "not a number": f"{HEAD}a: .nan\n",
    "a control character": f'{HEAD}a: "\x01"\n',
    "a next-line character": f"{HEAD}a: b\u0085c: d\n",
    "bytes that are no base 64": f"{HEAD}a: !!binary '*'\n",
    "a word tagged as a number": f"{HEAD}a: !!int x\n",
    "a number tagged as null": f"{HEAD}a: !!null 1\n",
    "a number tagged as a truth": f"{HEAD}a: !!bool 1\n",
    "unknown tags": f"{HEAD}a: !R b\nb: !M {{c: d}}\nc: !S [1]\n",
    "collections with tags": f"{HEAD}d: !!set {{x, z}}\ne: !!omap [x: 1]\n",
    "no blank after a colon": f'{HEAD}a: {{b:1, c : 2, "d":3}}\n',
    "pairs in a list": f"{HEAD}a: [b: c, d]\n",
    "nothing in many forms": f"{HEAD}a:\nb: ''\nc: []\nd: {{}}\n",
    "blocks": f"{HEAD}a: |\n  x\n  ---\nb: >\n  x\n  z\nc: |-\n  x\nd: |+\n  x\n\n",
    "a separator in a block": f"{HEAD}a: |\n  x\n---\nb: 1\n",
    "several lines": f"{HEAD}a: b\n  c\nd: 'e\n\n  f'\n",
    "a List": f"apiVersion: v1\nkind: List\nitems:\n- {_POD}\n- {_POD}\n",
    "a PodList": f"apiVersion: v1\nkind: PodList\nitems:\n- {_POD}\n- {_POD}\n",
    "a list without kinds": "apiVersion: v1\nkind: PodList\nitems:\n- {metadata: {name: a}}\n",
    "a list of a custom kind": "apiVersion: x.io/v1\nkind: FooList\nitems:\n- "
    "{apiVersion: x.io/v1, kind: Foo, metadata: {name: a}}\n",
    "a kind that has items": f"apiVersion: x.io/v1\nkind: Foo\nitems:\n- {_POD}\n",
    "a List of nothing": "apiVersion: v1\nkind: List\nitems: []\n",
    "no kind": "apiVersion: v1\nmetadata: {name: a}\n",
    "a word": "hello\n",
    "a broken document": f"a: [\n---\n{HEAD}",
}


def asked(text: str) -> list[Any] | None:
    """The objects that kubectl reads in a text; None where it refuses it."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "m.yaml")
        path.write_bytes(text.encode())
        done = subprocess.run(
            [program("kubectl"), "label", "--local", "--overwrite", "--output", "json",
             "--filename", path, "labelled=yes"],
            env={"HOME": folder, "KUBECONFIG": "/dev/null"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    return None if done.returncode else [*_objects(done.stdout)]


def _objects(printed: str) -> Any:
    """Several objects are printed one after the other; the label is taken off again."""
    decoder, at = json.JSONDecoder(), 0
    while rest := printed[at:].lstrip():
        found, length = decoder.raw_decode(rest)
        at = len(printed) - len(rest) + length
        del found["metadata"]["labels"]
        yield found


def scalars() -> str:
    """All scalars in one object."""
    lines = (each.replace("\0", " ") for each in SCALARS)
    return HEAD + "data:\n" + "".join(f"  s{at}: {line}\n" for at, line in enumerate(lines))


def main() -> None:
    """Record, one text a line."""
    (whole,) = asked(scalars()) or [{"data": {}}]
    texts = {name: asked(text) for name, text in TEXTS.items()}
    lines = (f"{json.dumps(name)}: {json.dumps(read)}" for name, read in texts.items())
    values = json.dumps([whole["data"][f"s{at}"] for at, _ in enumerate(SCALARS)])
    joined = ",\n".join([f'"scalars": {values}', *lines])
    RECORDED.write_text(f"{{\n{joined}\n}}\n", "utf-8")


if __name__ == "__main__":
    main()
