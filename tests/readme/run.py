"""Runs every line of README.md, in its order, from an empty folder: run.py CHECKOUT. Needs make build.

Lines that call make would do again what runs this test: make says only whether it knows what to do. Training is cut
short. A block or a line that this program does not understand is a failure, so that whoever writes one adds it here.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(sys.argv[1]).resolve()

# What README takes for granted: files of the user's own, with the names that it gives them.
MAKE_INPUT = """
void make_input(const char *path, int seed)
{
   TFile file(path, "CREATE");
   TTree tree("Events", "a user's events");
   float pt, eta, jetPt[20], jetEta[20];
   int nJet;
   tree.Branch("pt", &pt);
   tree.Branch("eta", &eta);
   tree.Branch("nJet", &nJet);
   tree.Branch("Jet_pt", jetPt, "Jet_pt[nJet]/F");
   tree.Branch("Jet_eta", jetEta, "Jet_eta[nJet]/F");
   TRandom3 random(seed);
   for (int i = 0; i < 5000; ++i) {
      pt = random.Exp(30);
      eta = random.Gaus();
      nJet = random.Integer(5);
      for (int k = 0; k < nJet; ++k) {
         jetPt[k] = pt / (k + 1) + random.Gaus();
         jetEta[k] = eta + random.Gaus();
      }
      tree.Fill();
   }
   tree.Write();
}
"""

# Around the snippets: what a macro or a script of the user has besides.
CPP = """
#include <ROOT/RDataFrame.hxx>
#include <TFile.h>
#include <TTree.h>
R__LOAD_LIBRARY(libRootBaler)
%(includes)s
void %(name)s()
{
   TFile file("%(name)s.root", "CREATE");
   auto *tree = new TTree("Events", "events");
   float pt = 0;
   tree->Branch("pt", &pt);
   ROOT::RDataFrame frame("Events", "in.root");
%(statements)s
   for (int i = 0; i < 3000; ++i) {
      pt = i %% 97;
      tree->Fill();
   }
   tree->Write();
}
"""
PYTHON = """
import ROOT
from array import array
file = ROOT.TFile.Open("python_snippet.root", "CREATE")
tree = ROOT.TTree("Events", "events")
pt = array("f", [0])
tree.Branch("pt", pt, "pt/F")
%s
for i in range(3000):
    pt[0] = i %% 97
    tree.Fill()
tree.Write()
file.Close()
frame = ROOT.RDataFrame("Events", "in.root")
codec = ROOT.RootBaler.Codec.FromModelFile("kind.model")
os_path = "small.root"
import os
os.remove(os_path)
%s
"""
CMAKE = """
cmake_minimum_required(VERSION 3.20)
project(Readme LANGUAGES CXX)
add_executable(simulate %s)
"""


def fail(text):
    sys.exit(f"FAILED: {text}")


def run(command, folder, environment):
    """Runs a line as a user's shell does, which must succeed and complain of nothing."""
    print(f"$ {command}", flush=True)
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode != 0 or re.search(r"^(Error|SysError|Fatal) in <", done.stdout, re.M):
        fail(f"{command} (exit code {done.returncode})\n{done.stdout}")


def blocks():
    """Language and lines of each block of code in README.md."""
    text = (CHECKOUT / "README.md").read_text()
    return [(language, code.splitlines()) for language, code in re.findall(r"^```(\w+)\n(.*?)^```", text, re.S | re.M)]


def variables(command):
    """The environment after a line such as `. build/env.sh`."""
    clean = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    clean["PATH"] = "/usr/local/bin:/usr/bin:/bin"
    done = subprocess.run(["bash", "-c", f"{command} && env -0"], env=clean, stdout=subprocess.PIPE, check=True)
    return dict(entry.split("=", 1) for entry in done.stdout.decode().split("\0") if entry)


class Session:
    """A user's shell."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = None
        self.macros = 0

    def run(self, command):
        if self.environment is None:
            fail(f"README sources env.sh only after: {command}")
        run(command, self.folder, self.environment)

    def source(self, command):
        self.environment = variables(f"cd '{self.folder}' && {command}")
        trainer = self.folder / "short-train"
        built = CHECKOUT / "build/bin/rootbaler-train"
        trainer.write_text(
            "#!/bin/bash\n"
            'for ((i = 1; i <= $#; ++i)); do [ "${!i}" != --seconds ] || set -- "${@:1:i}" 3 "${@:i+2}"; done\n'
            f"exec '{built}' \"$@\"\n"
        )
        trainer.chmod(0o755)
        self.environment["ROOTBALER_TRAIN"] = str(trainer)

    def shell(self, lines):
        lines = [re.sub(r"\s+#.*", "", line) for line in lines if line.strip() and not line.startswith("#")]
        while lines:
            line = lines.pop(0)
            if line.startswith("make"):
                environment = {**os.environ, "MAKEFLAGS": ""}
                run(f"{line.replace('make', 'make -n', 1)} >/dev/null", CHECKOUT, environment)
            elif line.startswith(". "):
                self.source(line)
            elif line.startswith("root "):
                typed = []
                while lines and lines[0].startswith("root ["):
                    typed.append(lines.pop(0).split("] ", 1)[1])
                batch = line.replace("root -l", "root -l -b -q", 1)
                self.run(batch + "".join(f" -e '{one}'" for one in typed))
            elif line.startswith("rootbaler "):
                self.run(line)
            else:
                fail(f"what is this line? {line}")

    def cpp(self, lines):
        includes = [line for line in lines if line.startswith("#include")]
        statements = [line for line in lines if not line.startswith("#include")]
        # what README leaves to the reader
        text = "\n".join(statements).replace('"..."', '"2 * pt"').replace('"small.root"', '"snapshot.root"')
        self.macros += 1
        name = f"cpp_snippet_{self.macros}"
        macro = CPP % {"includes": "\n".join(includes), "name": name, "statements": text}
        (self.folder / f"{name}.C").write_text(macro)
        self.run(f"root -l -b -q {name}.C")

    def python(self, lines):
        text = (CHECKOUT / "README.md").read_text()
        snapshot = re.search(r"in Python: `(ROOT\.RootBaler\.Snapshot\(.*?\))`", text, re.S)
        if not snapshot:
            fail("README's line of Python for Snapshot is not where it was")
        script = PYTHON % ("\n".join(lines), snapshot.group(1))
        (self.folder / "python_snippet.py").write_text(script)
        self.run("python3 python_snippet.py")

    def cmake(self, lines):
        source = self.folder / "simulate"
        source.mkdir()
        text = CMAKE % (CHECKOUT / "tests/package/simulate.cxx") + "\n".join(lines)
        (source / "CMakeLists.txt").write_text(text)
        self.run("cmake -S simulate -B simulate/build && cmake --build simulate/build")
        self.run("simulate/build/simulate simulated.root")


def main():
    with tempfile.TemporaryDirectory(prefix="rootbaler-readme.") as made:
        folder = Path(made)
        (folder / "build").symlink_to(CHECKOUT / "build")  # README's lines are for the checkout
        (folder / "make_input.C").write_text(MAKE_INPUT)
        ready = variables(f". '{CHECKOUT}/build/env.sh'")
        for seed, name in enumerate(("in.root", "next.root"), 1):
            run(f"root -l -b -q 'make_input.C(\"{name}\", {seed})'", folder, ready)
        session = Session(folder)
        known = {"sh": session.shell, "cpp": session.cpp, "python": session.python, "cmake": session.cmake}
        for language, lines in blocks():
            if language not in known:
                fail(f"README has a block of {language}")
            known[language](lines)
        for line in re.findall(r"`(rootbaler [^`]*--help)`", (CHECKOUT / "README.md").read_text()):
            session.run(line)
        for macro in ("write_compressed.C", "write_compressed.py"):
            program = "root -l -b -q" if macro.endswith(".C") else "python3"
            (folder / "written.root").unlink(missing_ok=True)
            session.run(f"{program} {CHECKOUT}/root_macros/{macro}")
    print("PASSED: README.md")


main()
