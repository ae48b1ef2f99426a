#!/usr/bin/env bash
# Builds the parts in their order: core, plugin, CLI, trainer. cargo and ninja know what is up to date.
# usage: build.sh [core|plugin|cli|trainer]...
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cargo_build() {
   (cd "$RB_TOP" && cargo build --release ${JOBS:+-j "$JOBS"} "$@") ||
      die "cargo build $* failed: see the lines above (a crate that could not be downloaded means no network)"
}

build_core() {
   say "Core library (Rust)"
   cargo_build -p rootbaler
}

build_plugin() {
   say "Plugin libRootBaler.so (C++) for $ROOTSYS"
   local other
   other="$(other_root)"
   if [ "$(cat "$RB_BUILD/rootsys" 2>/dev/null)" != "$other" ]; then # CMake does not let go of what it found
      rm -rf "$RB_BUILD/cmake"
      mkdir -p "$RB_BUILD"
      echo "$other" >"$RB_BUILD/rootsys"
   fi
   if [ ! -e "$RB_BUILD/cmake/build.ninja" ]; then
      quiet "$RB_BUILD/log/cmake.log" "CMake could not configure the plugin" \
         cmake -S "$RB_TOP" -B "$RB_BUILD/cmake" -G Ninja -DCMAKE_BUILD_TYPE=Release \
         -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_INSTALL_PREFIX="$RB_BUILD" -DCMAKE_PREFIX_PATH="$ROOTSYS" \
         -DROOTBALER_WERROR="${RB_WERROR:-OFF}"
   fi
   cmake --build "$RB_BUILD/cmake" ${JOBS:+-j "$JOBS"} || die "the plugin did not compile: see the lines above"
   quiet "$RB_BUILD/log/cmake_install.log" "the plugin could not be copied to build/" \
      cmake --install "$RB_BUILD/cmake" --prefix "$RB_BUILD"
   mkdir -p "$RB_BUILD/share/rootbaler"
   ln -sfn "$RB_TOP/root_macros" "$RB_BUILD/share/rootbaler/macros"
   "$RB_TOP/scripts/write_env.sh" "$RB_BUILD"
}

build_cli() {
   say "Command rootbaler (Rust)"
   cargo_build -p rootbaler-cli
   install -D "$RB_TOP/target/release/rootbaler" "$RB_BUILD/bin/rootbaler"
}

build_trainer() {
   say "Trainer rootbaler-train (Rust and libtorch, about 2 minutes the first time)"
   cargo_build -p rootbaler-train --target-dir "$RB_TRAINER_TARGET"
   install -D "$RB_TRAINER_TARGET/release/rootbaler-train" "$RB_BUILD/bin/rootbaler-train"
   mkdir -p "$RB_BUILD/lib/rootbaler"
   ln -sfn "$LIBTORCH/lib" "$RB_BUILD/lib/rootbaler/torch"
}

case "$RB_TOP" in
*[[:space:]]*)
   say "NOTE: there is a space in the path $RB_TOP: ROOT's ACLiC (macros with a + behind their names) fails there" ;;
esac
use_build_env
for part in "${@:-}"; do
   case "$part" in
   core | plugin | cli | trainer) "build_$part" ;;
   "") build_core && build_plugin && build_cli && build_trainer ;;
   *) die "build.sh knows core, plugin, cli and trainer, not $part" ;;
   esac
done
