"""Decodes golden files by their descriptions and compares: python -m independent_reader GOLDEN_FOLDER"""

import json
import sys
import traceback
from pathlib import Path

import numpy

from .blocks import Beside, decode_block
from .codec import read_codec, read_object
from .models import read_container
from .network import tables_are_right
from .reading import FormatError


def counts_of(description):
    return numpy.array(description["counts"], numpy.int64) if "counts" in description else None


def check_block(folder, description):
    """Raises an error where the block does not decode to the bytes of its description; returns a few words."""
    def content(name):
        return (folder / name).read_bytes()

    beside = Beside(
        counts=counts_of(description),
        models=read_container(content(description["models"])) if "models" in description else [],
        parents={column: content(name) for column, name in description.get("parents", {}).items()},
        foreign={branch: (content(what["values"]), counts_of(what))
                 for branch, what in description.get("foreign", {}).items()})
    kind, decoded = decode_block(content(description["block"]), beside)
    if "decoded" not in description:
        return f"kind {kind}, {len(decoded)} bytes by their checksum"
    expected = content(description["decoded"])
    if decoded != expected:
        at = next((i for i, (a, b) in enumerate(zip(decoded, expected)) if a != b), min(len(decoded), len(expected)))
        raise FormatError(f"differs from {description['decoded']} in byte {at}")
    return f"kind {kind}, {len(decoded)} bytes"


def check_codec(folder, description):
    data = (folder / description["codec"]).read_bytes()
    codec = read_codec(data)
    found = {
        "mode": codec.mode,
        "rules": codec.rules,
        "absent": [f"{one:016x}" for one in codec.absent],
        "hashes": [f"{model.hash:016x}" for model in codec.models],
    }
    for member, value in found.items():
        if description[member] != value:
            raise FormatError(f"{member} is {value}, not {description[member]}")
    name, inner = read_object((folder / description["object"]).read_bytes())
    if inner != data:
        raise FormatError("the object holds other bytes")
    return f"codec, {len(data)} bytes; object {name}"


def check_models(path):
    """Models on their own, also those that no description names."""
    models = read_container(path.read_bytes())
    return f"{len(models)} model(s), {sum(len(model.columns) for model in models)} columns"


def check_tables():
    if not tables_are_right():
        raise FormatError("checksums of POW2 or S")
    return "checksums"


def check_description(path):
    description = json.loads(path.read_text("utf-8"))
    check = check_codec if "codec" in description else check_block
    return check(path.parent, description)


def main(folder):
    jobs = [("tables", check_tables)]
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json":
            jobs.append((path.stem, lambda path=path: check_description(path)))
        elif path.suffix in (".model", ".models"):
            jobs.append((path.name, lambda path=path: check_models(path)))
    failed = 0
    for name, job in jobs:
        try:
            print(f"{name:24} ok      {job()}", flush=True)
        except Exception as error:      # whatever goes wrong with one file, the others are still to be checked
            failed += 1
            print(f"{name:24} FAILED  {type(error).__name__}: {error}", flush=True)
            if not isinstance(error, FormatError):
                traceback.print_exc()
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed or len(jobs) == 1 else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m independent_reader GOLDEN_FOLDER")
    sys.exit(main(Path(sys.argv[1])))
