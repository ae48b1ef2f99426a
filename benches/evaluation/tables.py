#!/usr/bin/env python3
"""Fills the tables of docs/EVALUATION.md from CSV files.

usage: tables.py EVALUATION.md FOLDER [COMPRESSED]

Between a line "<!-- table NAME.csv: filters -->" and the next "<!-- end -->" stands the table of FOLDER/NAME.csv; the
filters, if any, are "column=value" (only such rows) and "-column" (without it). From the reports of `rootbaler
compress --json` in the folder COMPRESSED sizes.csv is made first.
"""

import csv
import json
import math
import pathlib
import re
import sys

ORDER = ["1e-2", "1e-3", "1e-3d", "1e-4", "bits10", "bits12"]


def sizes(reports, target):
    """File sizes, models included, of everything that was compressed."""
    rows = []
    for path in sorted(reports.glob("*.json")):
        name, bound = path.stem.rsplit("_", 1)
        if bound not in ORDER:
            continue
        report = json.loads(path.read_text())
        before, after = report["file_bytes_before"], report["file_bytes_after"]
        rows.append([name, bound, before, after, f"{before / after:.2f}"])
    rows.sort(key=lambda row: (row[0], ORDER.index(row[1])))
    with open(target, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "bound", "bytes before", "bytes after", "ratio"])
        writer.writerows(rows)


def cell(text, figures=4):
    """A number with as many figures as a reader wants, anything else (a bound, a name, a count) as it is."""
    if not re.fullmatch(r"-?\d+\.\d+(e-?\d+)?", text):
        return text
    number = float(text)
    if abs(number) >= 1000:
        return f"{number:.0f}"
    return f"{number:.1e}" if 0 < abs(number) < 0.001 and figures > 2 else f"{number:.{figures}g}"


def digits(error):
    """Digits after the point of a value with this error."""
    number = float(error)
    return max(0, 1 - math.floor(math.log10(number))) if number > 0 else 4


def table(path, filters):
    """Lines of Markdown. A column "X error" that follows "X" becomes "value ± error" in one cell."""
    with open(path, newline="") as file:
        header, *rows = list(csv.reader(file))
    kept = [i for i, name in enumerate(header) if "-" + name not in filters]
    for rule in filters:
        if "=" in rule:
            name, values = rule.split("=")
            rows = [row for row in rows if row[header.index(name)] in values.split("|")]
            if "|" not in values:
                kept = [i for i in kept if header[i] != name]
    errors = {i: header.index(header[i] + " error") for i in kept if header[i] + " error" in header}
    kept = [i for i in kept if i not in errors.values()]

    def line(cells):
        return "| " + " | ".join(cells) + " |"

    def text(row, i):
        if i not in errors:
            return cell(row[i])
        return f"{float(row[i]):.{digits(row[errors[i]])}f} ± {cell(row[errors[i]], 2)}"

    head = [line([header[i] for i in kept]), "|" + "---|" * len(kept)]
    return head + [line([text(row, i) for i in kept]) for row in rows]


def main():
    document, folder = map(pathlib.Path, sys.argv[1:3])
    if len(sys.argv) > 3:
        sizes(pathlib.Path(sys.argv[3]), folder / "sizes.csv")
    lines, skipping = [], False
    for line in document.read_text().splitlines():
        if line == "<!-- end -->":
            skipping = False
        if not skipping:
            lines.append(line)
        match = re.fullmatch(r"<!-- table (\S+\.csv)(?:: (.*))? -->", line)
        if match:
            if not (folder / match[1]).exists():
                print(f"SKIPPED: {folder / match[1]} is not there, its table in {document} stays as it is")
                continue
            lines += table(folder / match[1], (match[2] or "").split("; "))
            skipping = True
    document.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
