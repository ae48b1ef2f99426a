#!/usr/bin/env python3
"""Sizes of the floats of all ROOT files of a folder, compressed with RootBaler at several bounds.

usage: files.py FOLDER [--reference FILE.json] [--bounds lossless,1e-2,1e-3] [--modes single,group] [--seconds 60]

Prints a line for each file and bound: bytes of all branches of floats as stored, models included (keys of baskets
too, which the reference does not count), and beside them the reference, if one is given: a JSON document that has
for the stem of each file {"bytes": {"1e-3": N}}, e.g. of quantise + pcodec. "-" is what failed or is not there.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path


def compress(source, target, mode, bound, seconds):
    """The report of one compression, or None if it failed. The bound is a number of sigmas, lossless, or a TOML
    file.
    """
    command = ["rootbaler", "compress", source, target, "--json", "--quiet", "--force"]
    command += ["--mode", mode, "--seconds", str(seconds)]
    if isinstance(bound, Path):
        command += ["--config", bound]
    else:
        command += ["--bound", bound if bound == "lossless" else f"rel-sigma={bound}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{source.name}, {mode}, {bound}: {done.stderr.strip()}", file=sys.stderr)
        return None
    return json.loads(done.stdout)


def float_bytes(report):
    """Stored bytes of the branches that have a bound, and of the models."""
    branches = sum(b["bytes_after"] for b in report["branches"] if b["bound"] != "exact")
    return branches + sum(m["bytes"] for m in report["models"] if m["has_network"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--bounds", default="lossless,1e-2,1e-3")
    parser.add_argument("--modes", default="single,group")
    parser.add_argument("--seconds", type=int, default=60)
    args = parser.parse_args()
    reference = json.loads(args.reference.read_text()) if args.reference else {}
    modes = args.modes.split(",")
    columns = [f"{mode} {what}" for mode in modes for what in ("floats", "file", "s")]
    print("| file | bound | file before | reference | " + " | ".join(columns) + " |")
    print("|---|---|" + "---|" * (2 + len(columns)))
    with tempfile.TemporaryDirectory() as scratch:
        for source in sorted(args.folder.glob("*.root")):
            for bound in args.bounds.split(","):
                known = reference.get(source.stem, {}).get("bytes", {}).get(bound, "-")
                cells = [source.name, bound, str(source.stat().st_size), str(known)]
                for mode in modes:
                    report = compress(source, Path(scratch) / "out.root", mode, bound, args.seconds)
                    if report is None:
                        cells += ["-", "-", "-"]
                    else:
                        cells += [str(float_bytes(report)), str(report["file_bytes_after"]), f"{report['seconds']:.1f}"]
                print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
