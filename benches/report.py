#!/usr/bin/env python3
"""The tables of `make bench`: table.txt from peers.csv, and columns.csv, the bits of each column alone and given the
others.

usage: report.py FOLDER
"""

import csv
import json
import pathlib
import sys


def print_table(rows, out):
    for name, bound in dict.fromkeys((row["file"], row["bound"]) for row in rows):
        mine = [row for row in rows if (row["file"], row["bound"]) == (name, bound)]
        raw = int(mine[0]["raw bytes"])
        lines = [f"\n{name} at {bound} sigma, {raw} bytes of floats",
                 f"{'':<30}{'bytes':>10}{'ratio':>8}{'write MB/s':>12}{'read MB/s':>11}{'error':>8}"]
        for row in sorted(mine, key=lambda row: -int(row["bytes"])):
            lines.append(f"{row['method']:<30}{row['bytes']:>10}{raw / int(row['bytes']):>8.3f}{row['write MB/s']:>12}"
                         f"{row['read MB/s']:>11}{float(row['largest error / bound']):>8.4f}")
        for line in lines:
            print(line)
            out.write(line + "\n")


def columns(folder):
    """Bits per value of all columns of all networks at 1e-3 sigma."""
    with open(folder / "columns.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "trees", "column", "bits alone", "bits given the others"])
        for path in sorted((folder / "files").glob("*_group_1e-3.json")):
            for model in json.loads(path.read_text())["models"]:
                for column in (model["training"] or {}).get("columns", []):
                    writer.writerow([path.stem.removesuffix("_group_1e-3"), "+".join(model["trees"]), column["name"],
                                     f"{column['bits_alone']:.3f}", f"{column['bits_given']:.3f}"])


def main():
    folder = pathlib.Path(sys.argv[1])
    with open(folder / "peers.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(folder / "table.txt", "w") as out:
        print_table(rows, out)
        note = ("\nBytes: all float and double branches with a bound, models included, without ROOT's keys. Error in\n"
                "units of the bound. CPU time of one thread: ROOT's rows and ours with Fill and GetEntry, and writing\n"
                "with the integers of the trees; pcodec, SZ3 and zfp on arrays in memory, blocks of 2^18 values.\n")
        print(note)
        out.write(note)
    columns(folder)


if __name__ == "__main__":
    main()
