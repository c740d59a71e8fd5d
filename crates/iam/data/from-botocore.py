"""Makes `iam.json` and `sts.json`: what a query call may carry, as AWS's service models say it.

Run with botocore installed: `python from-botocore.py` in this folder. Only facts are taken over: names of operations,
their parameters, and the bounds of each.
"""

import gzip
import json
from pathlib import Path

import botocore

SERVICES = {"iam": "2010-05-08", "sts": "2011-06-15"}
BOUNDS = ("min", "max", "pattern", "enum")


def model(service, version):
    folder = Path(botocore.__file__).parent / "data" / service / version
    return json.loads(gzip.decompress((folder / "service-2.json.gz").read_bytes()))


def shape(model, name, taken):
    """Takes a shape over, and every shape that it is made of."""
    if name in taken:
        return
    source = model["shapes"][name]
    taken[name] = made = {"type": source["type"]}
    for bound in BOUNDS:
        if bound in source:
            made[bound] = source[bound]
    if source["type"] == "structure":
        required = source.get("required", [])
        made["members"] = [
            {"name": member, "shape": target["shape"], "required": member in required}
            for member, target in source["members"].items()
        ]
        for member in made["members"]:
            shape(model, member["shape"], taken)
    if source["type"] == "list":
        made["member"] = source["member"]["shape"]
        shape(model, made["member"], taken)


def table(service, version):
    source = model(service, version)
    shapes, operations = {}, {}
    for name, operation in sorted(source["operations"].items()):
        operations[name] = row = {
            "result": "output" in operation,
            "unsigned": operation.get("authtype") == "none" or operation.get("auth") == ["smithy.api#noAuth"],
        }
        if "input" in operation:
            row["input"] = operation["input"]["shape"]
            shape(source, row["input"], shapes)
    return {"operations": operations, "shapes": dict(sorted(shapes.items()))}


def lines(made):
    """One operation and one shape per line, so that a change of AWS's model is a readable difference."""
    parts = []
    for part, rows in made.items():
        body = ",\n".join(f"{json.dumps(name)}:{json.dumps(row, separators=(',', ':'))}" for name, row in rows.items())
        parts.append(f"{json.dumps(part)}:{{\n{body}\n}}")
    return "{" + ",\n".join(parts) + "}\n"


for service, version in SERVICES.items():
    Path(f"{service}.json").write_text(lines(table(service, version)))
