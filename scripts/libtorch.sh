#!/usr/bin/env bash
# Brings a CPU-only libtorch for the trainer, without CUDA and without installing torch, and prints its folder.
# Only rootbaler-train needs it; reading and compressing with an existing model never do.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

kTorch=2.13.0 # tch 0.26 wants exactly this version
kCudart=13.0.96
kCupti=13.0.85

# A user's own libtorch goes before ours.
if [ -n "${LIBTORCH:-}" ]; then
   [ -e "$LIBTORCH/lib/libtorch_cpu.so" ] ||
      die "LIBTORCH=$LIBTORCH holds no lib/libtorch_cpu.so: unset it, or point it at libtorch $kTorch"
   echo "$LIBTORCH"
   exit 0
fi

kHome="$RB_CACHE/libtorch-$kTorch"
if [ -e "$kHome/complete" ]; then
   echo "$kHome"
   exit 0
fi

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
   die "the trainer's libtorch is prepared for x86_64 Linux only: set LIBTORCH to a libtorch $kTorch of your own"
need g++ "install a C++ compiler (Debian, Ubuntu: g++)"
mkdir -p "$RB_CACHE"
need_space "$RB_CACHE" 1200
kWork="$(mktemp -d "$RB_CACHE/libtorch.XXXXXX")"
trap 'rm -rf "$kWork"' EXIT

say "libtorch $kTorch: downloading 540 MB, once for all checkouts" >&2
# The tags are fixed, so that every Python takes the same wheel.
quiet "$RB_BUILD/log/libtorch.log" "libtorch could not be downloaded: check the network (or point \
PIP_FIND_LINKS at a folder with the wheels), then run make again" \
   "$RB_VENV/bin/python" -m pip download --disable-pip-version-check --no-deps --only-binary=:all: \
   --implementation cp --python-version 3.11 --platform manylinux_2_28_x86_64 --platform manylinux_2_25_x86_64 \
   --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 --dest "$kWork/wheels" \
   "torch==$kTorch" "nvidia-cuda-runtime==$kCudart" "nvidia-cuda-cupti==$kCupti"

say "libtorch $kTorch: unpacking 490 MB" >&2
"$RB_VENV/bin/python" "$RB_TOP/scripts/unpack_libtorch.py" "$kWork/wheels" "$kWork/libtorch" ||
   die "the libtorch wheels could not be unpacked: see the line above"
rm -r "$kWork/wheels"

# The wheel's own libtorch.so needs libtorch_cuda; this one only forwards to libtorch_cpu.
echo 'extern "C" int rootbaler_libtorch_stub() { return 0; }' |
   g++ -shared -fPIC -x c++ - -o "$kWork/libtorch/lib/libtorch.so" -Wl,-soname,libtorch.so -L"$kWork/libtorch/lib" \
      -Wl,--no-as-needed -ltorch_cpu -lc10 -Wl,--disable-new-dtags,-rpath,'$ORIGIN' ||
   die "the libtorch stub did not link: see the lines above"

touch "$kWork/libtorch/complete"
# Another checkout may have finished first; theirs is as good.
mv -T "$kWork/libtorch" "$kHome" 2>/dev/null || [ -e "$kHome/complete" ] ||
   die "$kHome is in the way: remove it and run make again"
echo "$kHome"
