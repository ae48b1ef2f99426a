"""RootBaler on the same rows and bounds: a model trained on one file, another file compressed with it, real bytes."""

import json
import subprocess

import numpy as np


def write(path, names, values):
    import ROOT

    ROOT.RDF.FromNumpy({n: np.ascontiguousarray(values[:, j]) for j, n in enumerate(names)}).Snapshot("rows", str(path))


def run(*command):
    done = subprocess.run(["rootbaler", *command, "--json", "--quiet", "--force"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"rootbaler {command[0]} failed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def check(path, table):
    """Every value of the file against its bound."""
    import ROOT

    after = ROOT.RDataFrame("rows", str(path)).AsNumpy(table.names)
    for j, name in enumerate(table.names):
        error = np.abs(after[name].astype(np.float64) - table.test_values[:, j].astype(np.float64)).max()
        if error > table.bounds[j]:
            raise SystemExit(f"{path}: {name} is off by {error}, more than its bound {table.bounds[j]}")


def bytes_of(table, scratch, level, seconds):
    """Bytes of the held-out rows and of the model, trained on the others; level 0: branch by branch, without a
    network.
    """
    names = ("train.root", "test.root", "m.rbm", "out.root", "b.toml")
    train, test, model, out, config = (str(scratch / name) for name in names)
    write(train, table.names, table.train_values)
    write(test, table.names, table.test_values)
    with open(config, "w") as file:
        bounds = zip(table.names, map(float, table.bounds))
        file.write("[bounds]\n" + "".join(f'"{n}" = "abs={b!r}"\n' for n, b in bounds))
    if level:
        run("train", train, "--config", config, "-o", model, "--level", str(level), "--seconds", str(seconds))
        report = run("compress", test, out, "--model", model)
    else:
        report = run("compress", test, out, "--config", config, "--mode", "single")
    check(out, table)
    models = sum(m["bytes"] for m in report["models"] if m["has_network"])
    return sum(b["bytes_after"] for b in report["branches"]), models
