#!/usr/bin/env python3
"""Makes the committed corpora of tests/fuzz from the golden files: what each target begins with.

usage: seeds.py (needs zstandard, as .venv has it)
"""

import json
import random
import shutil
from pathlib import Path

import zstandard

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden/v1"
# in the order of src/golden.rs
MODELS = "example foreign formulas functions jagged lanes nan networks scores types values waves".split()
ROOT_HEADER = 9
HEADER = ROOT_HEADER + 5


def save(target, name, data):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def block(case, counts, hashes):
    """The input of the target `block` that has this body; None if it cannot have it."""
    data = (GOLDEN / f"{case}.block").read_bytes()
    raw_len, kind, body = int.from_bytes(data[6:9], "little"), data[ROOT_HEADER], data[HEADER:]
    if raw_len > 0xFFF or len(data) > 300:
        return None
    model = column = without = 0
    if kind == 2:
        if body[:8] not in hashes:
            return None
        model = hashes.index(body[:8])
        column, at = varint(body, 8)
        without, at = varint(body, at)
        body = body[at:]
        if without > 7:
            return None
    head = bytes([kind]) + raw_len.to_bytes(2, "big")
    if counts is None or len(counts) > 15 or max(counts, default=0) > 254:
        head += b"\0"
    else:
        head += bytes([len(counts) + 1, *counts])
    columns = columns_of(MODELS[model])
    return head + bytes([model]) + (bytes([column]) if columns > 1 else b"") + bytes([without, 1]) + body


def body_of(name):
    return zstandard.ZstdDecompressor().decompress((GOLDEN / f"{name}.model").read_bytes()[8:-8], 1 << 24)


def columns_of(name):
    # postcard: the flag `jagged`, then the number of columns
    return varint(body_of(name), 1)[0]


def main():
    shutil.rmtree(HERE / "corpus", ignore_errors=True)
    hashes = [(GOLDEN / f"{name}.model").read_bytes()[-8:] for name in MODELS]
    for path in sorted(GOLDEN.glob("*.json")):
        about = json.loads(path.read_text())
        data = block(path.stem, about.get("counts"), hashes) if "block" in about else None
        if data:
            save("block", path.stem, data)
    for name in MODELS:
        body = body_of(name)
        if len(body) < 900:
            save("model", f"{name}_body", b"\0" + body)
            save("model", f"{name}_spec", b"\1" + body)
    for path in sorted(GOLDEN.glob("*.codec")):
        data = path.read_bytes()
        save("codec", f"{path.stem}_file", b"\0" + data)
        save("codec", f"{path.stem}_hashed", b"\1" + data[8:-8])
        save("codec", f"{path.stem}_streamed", b"\2" + path.with_suffix(".object").read_bytes())
    bounds = "lossless abs=0.01 bits=10 rel-sigma=1e-3 abs=1e-300,dither rel-sigma=0.5,dither abs=0".split()
    patterns = "*_pt jet?_[a-c]* x[!0-9] [^]a]b a[ Jet_*[0-9]*".split()
    for i, text in enumerate(bounds + patterns):
        save("texts", f"text_{i:02}", f"{text}\nJet_pt".encode())
    save("config", "all", CONFIG.encode())
    save("config", "bounds", b'[bounds]\n"*" = "abs=0.1"\n')
    rng = random.Random(1)
    for table in range(3):
        for column in range(3 if table == 0 else 6):
            calls = [bytes([column, what, 1]) for what in (0, 1, 2)] + [bytes([column, 5, 0])]
            save("session", f"table{table}_{column}", bytes([table, 0, len(calls) - 1]) + b"".join(calls))
        for i in range(4):
            save("session", f"changed{table}_{i}", bytes([table, 2 + i]) + rng.randbytes(60))
    for way in range(4):
        for value in range(10):
            save("promise", f"way{way}_type{value}", bytes([value, way]) + rng.randbytes(200))


CONFIG = """[bounds]
"*" = "rel-sigma=1e-3"
"jet*_pt" = "abs=0.01"
weight = "lossless"
[trees]
select = ["Events", "d/t"]
[groups]
exclude = ["w?"]
nJet = ["Jet_*"]
[compress]
mode = "single"
level = 3
"""

if __name__ == "__main__":
    main()
