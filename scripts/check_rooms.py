#!/usr/bin/env python3
"""Who calls whom: fails on every call upwards and on every circle, by the tables of rooms in docs/DESIGN.md.

A room uses rooms on lower floors and, without circles, its own files. Rooms are the folders (or single files) that the
tables name; all other files at the top of a part are above its rooms. What counts is a path (`crate::`, `super::`, `self::`) in
Rust and an `#include "..."` in C++; what a file only shows of files below it (`pub use`) is no call.
"""

import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
PICTURE = TOP / "docs" / "DESIGN.md"
ABOVE_ALL = 99


def parts():
    """Folder of each part, and the floors of its rooms."""
    folder, floors = None, {}
    for line in PICTURE.read_text().splitlines() + ["## end"]:
        if line.startswith("## "):
            if folder and floors:
                yield folder, floors
            folder, floors = ("?" if line.startswith("## Rooms of") else None), {}
        elif folder == "?" and (found := re.match(r"`(src/[\w/]+)`", line)):
            folder = TOP / found[1]
        elif folder and (found := re.match(r"\| *(\d+) *\| *`(\w+)/?`", line)):
            floors[found[2]] = int(found[1])


def without_comments(text):
    """Sources without comments, strings and characters, which may look like calls. Names of included files stay."""
    pattern = r'//[^\n]*|/\*.*?\*/|#\s*include[^\n]*|r?(?:"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\\n])\')'
    return re.sub(pattern, lambda m: m[0] if m[0][0] == "#" else " ", text, flags=re.S)


# ---- Rust


def use_trees(path, text):
    """Every path that a text of Rust has, a `use` of several once for each: as a list of names."""
    text = text.strip()
    brace = text.find("{")
    if brace < 0:
        yield [name for name in (path + "::" + text).split("::") if name.strip()]
        return
    depth, start, head = 0, brace + 1, path + "::" + text[:brace].rstrip(": ")
    for at in range(brace, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if (text[at] == "," and depth == 1) or depth == 0:
            yield from use_trees(head, text[start:at])
            start = at + 1
        if depth == 0:
            return


def inner_modules(text):
    """Places of `mod name { ... }`: `super` means the file itself there."""
    for found in re.finditer(r"\bmod \w+ \{", text):
        depth, at = 1, found.end()
        while at < len(text) and depth:
            depth += (text[at] == "{") - (text[at] == "}")
            at += 1
        yield range(found.start(), at)


class Rust:
    def __init__(self, folder):
        self.files = {}  # path of a module, as a tuple of names: its file
        for file in sorted(folder.rglob("*.rs")):
            names = file.relative_to(folder).with_suffix("").parts
            self.files[names[:-1] if names[-1] in ("mod", "lib", "main") else names] = file
        self.texts = {module: without_comments(file.read_text()) for module, file in self.files.items()}
        self.macros = {}
        self.shown = {module: {} for module in self.files}
        for module, text in self.texts.items():
            for found in re.finditer(r"#\[macro_export\]\s*macro_rules! (\w+)|macro_rules! (\w+)", text):
                self.macros[found[1] or found[2]] = module
            for found in re.finditer(r"pub(?:\([^)]*\))? use ([^;]+);", text):
                for names in use_trees("", found[1]):
                    names = names[1:] if names[0] == "self" else names
                    target = names[1:] if names[0] == "crate" else list(module) + names
                    self.shown[module][re.split(r"\s+as\s+", names[-1])[-1]] = target

    def resolve(self, names, depth=0):
        """The module that a path leads to, through what modules show of others."""
        module = ()
        for at, name in enumerate(names):
            if module + (name,) in self.files:
                module += (name,)
            elif name in self.shown[module] and depth < 9:
                return self.resolve(self.shown[module][name] + names[at + 1:], depth + 1)
            elif "*" in self.shown[module] and not module and name in self.macros:
                return self.macros[name]
            else:
                return self.macros.get(name, module) if not module else module
        return module

    def calls(self):
        for module, text in self.texts.items():
            inner = list(inner_modules(text))
            shows = [range(*found.span()) for found in re.finditer(r"pub(?:\([^)]*\))? use [^;]+;", text)]
            starts = re.finditer(r"\b(?:use )?(?<![\w:])(crate|super|self)::((?:\w+::)*(?:\{|\w+))", text)
            for found in starts:
                if any(found.start() in span for span in shows):
                    continue
                rest = found[2]
                if rest.endswith("{"):
                    rest = text[found.start(2):text.index(";", found.start(2))]
                for names in use_trees(found[1], rest):
                    root, names = names[0], [re.split(r"\s+as\s+", name)[0] for name in names[1:]]
                    is_inner = any(found.start() in span for span in inner)
                    base = {"crate": (), "self": module, "super": module if is_inner else module[:-1]}[root]
                    names = [name for name in names if name not in ("self", "super")]
                    yield self.files[module], self.files.get(self.resolve(list(base) + names))


# ---- C++


class Cpp:
    def __init__(self, folder):
        self.folder = folder
        self.files = [file for file in folder.rglob("*") if file.suffix in (".h", ".cxx")]

    def calls(self):
        for file in self.files:
            for name in re.findall(r'#\s*include\s*"([^"]+)"', without_comments(file.read_text())):
                for target in (file.parent / name, self.folder / name):
                    if target.is_file():
                        yield file, target.resolve()
                        break


# ---- floors and circles


def circles(graph):
    """Groups of more than one that all reach each other."""
    reach = {start: {start} for start in graph}
    for start, seen in reach.items():
        todo = [start]
        while todo:
            new = graph.get(todo.pop(), set()) - seen
            seen |= new
            todo += new
    groups = {frozenset(b for b in reach[a] if a in reach.get(b, ())) for a in graph}
    return sorted(sorted(group) for group in groups if len(group) > 1)


def check(folder, floors):
    """What is wrong in one part, line by line."""
    source = Rust(folder) if any(folder.rglob("*.rs")) else Cpp(folder)
    graph, wrong = {}, set()
    room_of = lambda file: file.relative_to(folder).with_suffix("").parts[0]
    unit_of = lambda file: str(file.relative_to(folder).with_suffix(""))
    for file, target in source.calls():
        if target is None or target == file:
            continue
        floor = lambda file: floors.get(room_of(file), ABOVE_ALL)
        is_top = floor(file) == ABOVE_ALL
        if room_of(file) != room_of(target) and not is_top and floor(target) >= floor(file):
            wrong.add(f"{file.relative_to(TOP)} calls {target.relative_to(TOP)}, which is not below it")
        if unit_of(file) != unit_of(target):
            graph.setdefault(unit_of(file), set()).add(unit_of(target))
    for file in folder.rglob("*"):
        if file.is_file() and file.parent != folder and room_of(file) not in floors:
            wrong.add(f"{file.relative_to(TOP)}: {PICTURE.name} has no such room")
    wrong |= {"a circle: " + ", ".join(f"{folder.relative_to(TOP)}/{unit}" for unit in group) for group in circles(graph)}
    return sorted(wrong), sum(map(len, graph.values()))


def main():
    failed = 0
    for folder, floors in parts():
        wrong, calls = check(folder, floors)
        print(f"{folder.relative_to(TOP)}: {len(floors)} rooms, {calls} calls between files, {len(wrong)} wrong")
        print("".join(f"  {line}\n" for line in wrong), end="")
        failed += len(wrong)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
