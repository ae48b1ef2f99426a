#!/usr/bin/env python3
"""Who calls whom: fails on every call upwards and on every circle, by the tables of rooms in docs/DESIGN.md.

A room uses rooms on lower floors and, without circles, its own files. Rooms are the folders (or single files) that the
tables name; all other files at the top of a part are above its rooms. What counts is a path (`crate::`, `super::`,
`self::`, the crate's own name) in Rust, and in C++ an `#include "..."` or the name of a function that a public header
declares. What a file only shows (`pub use`), and public headers, must be below it, but make no circle.

--self-test tries the script on small sources with every kind of call.
"""

import re
import sys
import tempfile
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
        manifest = next((up / "Cargo.toml" for up in [folder, *folder.parents] if (up / "Cargo.toml").is_file()), None)
        name = re.search(r'^\[package\]\s*name = "([\w-]+)"', manifest.read_text(), re.M) if manifest else None
        self.crate = name[1].replace("-", "_") if name else "crate"
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

    def base(self, module, names, is_inner):
        """Where a path begins, and what is left of it."""
        if names[0] in ("crate", self.crate):
            return (), names[1:]
        base, names = module, names[1:] if names[0] == "self" else names
        while names and names[0] == "super":
            base = base if is_inner else base[:-1]
            is_inner, names = False, names[1:]
        return base, names

    def calls(self):
        """Who, whom, and whether it is only shown."""
        start = re.compile(rf"(?<![\w:])((?:crate|super|self|{self.crate})\s*::\s*)((?:\w+\s*::\s*)*(?:\{{|\*|\w+))")
        for module, text in self.texts.items():
            inner = list(inner_modules(text))
            shows = [range(*found.span()) for found in re.finditer(r"pub(?:\([^)]*\))? use [^;]+;", text)]
            for found in start.finditer(text):
                is_inner = any(found.start() in span for span in inner)
                rest = found[2]
                if rest.endswith("{"):
                    rest = text[found.start(2):text.index(";", found.start(2))]
                for names in use_trees(re.sub(r"[\s:]+$", "", found[1]), rest):
                    names = [re.split(r"\s+as\s+", name.strip())[0] for name in names]
                    base, names = self.base(module, names, is_inner)
                    names = [name for name in names if name not in ("self", "*")]
                    shown = any(found.start() in span for span in shows)
                    yield self.files[module], self.files.get(self.resolve(list(base) + names)), shown

    def wrong(self):
        """What hides calls from this script."""
        renamed = re.compile(rf"\buse\s+(?:::)?(?:crate|super|self|{self.crate})\s+as\b|\bextern\s+crate\s+self\b"
                             rf"|\b(?:crate|super|{self.crate})\s*::\s*\{{[^;]*\bself\s+as\b")
        for module, text in self.texts.items():
            for found in renamed.finditer(text):
                yield self.files[module], f"'{' '.join(found[0].split())}' gives a module a second name"


# ---- C++


class Cpp:
    def __init__(self, folder):
        self.folder = folder
        self.files = sorted(file for file in folder.rglob("*") if file.suffix in (".h", ".cxx"))
        self.texts = {file: without_comments(file.read_text()) for file in self.files}
        public = folder.parent.parent / "include"
        self.public = {str(file.relative_to(public)): file for file in sorted(public.rglob("*.h"))}
        self.functions = {}  # those that public headers declare: where they are
        for header in self.public.values():
            for name in re.findall(r"^[A-Za-z][^\n=;{}]*?\b(\w+)\(", without_comments(header.read_text()), re.M):
                defined = re.compile(rf"^[A-Za-z][^\n=;{{}}]*\b{name}\([^;{{]*\{{", re.M)
                self.functions.update((name, file) for file in self.files
                                      if file.suffix == ".cxx" and defined.search(self.texts[file]))

    def implementer(self, header):
        """The source that a public header is of; None if it has several, or none."""
        found = [file for file in self.files if file.name == self.public[header].stem + ".cxx"]
        return found[0] if found else None

    def calls(self):
        """Who, whom, and whether it is by a public header."""
        for file, text in self.texts.items():
            for name in re.findall(r'#\s*include\s*"([^"]+)"', text):
                if name in self.public:
                    yield file, self.implementer(name), True
                    continue
                for target in (file.parent / name, self.folder / name):
                    if target.is_file():
                        yield file, target.resolve(), False
                        break
            for name, target in self.functions.items():
                # not a member, nor a declaration
                if re.search(rf"(?:\breturn\s+|[^\w\s&*>:.]\s*)(?:\w+::)?{name}\(", text):
                    yield file, target, True

    def wrong(self):
        return []


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


def check(folder, floors, top=TOP):
    """What is wrong in one part, line by line."""
    source = Rust(folder) if any(folder.rglob("*.rs")) else Cpp(folder)
    graph, wrong = {}, set()
    room_of = lambda file: file.relative_to(folder).with_suffix("").parts[0]
    unit_of = lambda file: str(file.relative_to(folder).with_suffix(""))
    for file, why in source.wrong():
        wrong.add(f"{file.relative_to(top)}: {why}")
    for file, target, is_shown in source.calls():
        if target is None or target == file:
            continue
        floor = lambda file: floors.get(room_of(file), ABOVE_ALL)
        is_top = floor(file) == ABOVE_ALL
        if room_of(file) != room_of(target) and not is_top and floor(target) >= floor(file):
            wrong.add(f"{file.relative_to(top)} calls {target.relative_to(top)}, which is not below it")
        if not is_shown and unit_of(file) != unit_of(target):
            graph.setdefault(unit_of(file), set()).add(unit_of(target))
    for file in folder.rglob("*"):
        if file.is_file() and file.parent != folder and room_of(file) not in floors:
            wrong.add(f"{file.relative_to(top)}: {PICTURE.name} has no such room")
    part = folder.relative_to(top)
    wrong |= {"a circle: " + ", ".join(f"{part}/{unit}" for unit in group) for group in circles(graph)}
    return sorted(wrong), sum(map(len, graph.values()))


# ---- the script itself

RUST = {
    "Cargo.toml": '[package]\nname = "house"\n',
    "src/core/lib.rs": "pub mod high; pub mod low;",
    "src/core/high/mod.rs": "pub mod a; pub mod b; pub struct High;",
    "src/core/high/a.rs": "use crate::low::a::Low; pub struct A;",
    "src/core/high/b.rs": "use super::a::A;",
    "src/core/low/mod.rs": "pub mod a; pub mod b; pub use a::Low;",
    "src/core/low/a.rs": "pub struct Low;",
    "src/core/low/b.rs": "#[cfg(test)] mod tests { use super::*; use super::super::a::Low; }",
}
CPP = {
    "include/House/Top.h": "void Do(int x,\n   int y);\n",
    "include/House/Codec.h": "class Codec {};",
    "src/root/high/Top.cxx": '#include "House/Top.h"\n#include "low/Low.h"\nvoid Do(int x,\n   int y)\n{\n}\n',
    "src/root/high/Codec.cxx": '#include "House/Codec.h"\n',
    "src/root/low/Low.h": "// Do(1, 2)\n",
    "src/root/low/Low.cxx": '#include "low/Low.h"\nvoid F() { x.Do(1, 2); y->Do(1, 2); }\nint &Do(int x);',
}
# a file, and what must not be in it
UPWARDS = [
    (RUST, "src/core/low/b.rs", text) for text in (
        "use crate::high::a::A;", "pub use crate::high::a::A;", "pub(crate) use crate::{high::High as H};",
        "use super::super::high::a;", "use super::super::high::{a::A, b};", "use crate::*;", "use super::super::*;",
        "use house::high::High;", "fn f() { house::high::a::f() }", "use crate as house_;", "use crate::{self as up};",
        "extern crate self as other;", "mod tests { use super::super::super::high::a::A; }",
        "use crate :: high :: High;")
] + [
    (RUST, "src/core/low/b.rs", "use super::*;\nuse self::super::a::Low;"),  # with mod.rs calling b: see below
    (CPP, "src/root/low/Low.cxx", '#include "House/Codec.h"'),
    (CPP, "src/root/low/Low.cxx", "void F() { Do(1, 2); }"),
    (CPP, "src/root/low/Low.cxx", "void F() { RootBaler::Do(1, 2); }"),
    (CPP, "src/root/low/Low.cxx", '#include "high/Top.h"'),
]


def tried(files, **changed):
    """What the script says of some sources."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder).resolve()
        for name, text in {**files, "src/root/high/Top.h": "", **changed.get("changed", {})}.items():
            if name.startswith("src/root") and files is RUST:
                continue
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_text(text)
        part = "src/core" if files is RUST else "src/root"
        return check(top / part, {"high": 2, "low": 1}, top)[0]


def self_test():
    failed = [f"said of sources without fault: {wrong}" for files in (RUST, CPP) if (wrong := tried(files))]
    for files, name, text in UPWARDS:
        changed = {name: text}
        if "use super::*" in text:
            changed["src/core/low/mod.rs"] = "pub mod a; pub mod b; use self::b::B;"
        if not tried(files, changed=changed):
            failed.append(f"missed in {name}: {text}")
    print("".join(f"{line}\n" for line in failed) + f"{len(UPWARDS) + 2} tries, {len(failed)} failed")
    return failed != []


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    failed = 0
    for folder, floors in parts():
        wrong, calls = check(folder, floors)
        print(f"{folder.relative_to(TOP)}: {len(floors)} rooms, {calls} calls between files, {len(wrong)} wrong")
        print("".join(f"  {line}\n" for line in wrong), end="")
        failed += len(wrong)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
