//! Compiles the bridge to the C++ file operations and links libRootBaler.so.

use std::path::{Path, PathBuf};
use std::{env, process};

/// A build script's last words: one line that says what to do.
fn fail(message: &str) -> ! {
    eprintln!("error: {message}");
    process::exit(1);
}

/// ROOT's folder, from the environment that `make build` and `env.sh` set.
fn rootsys() -> PathBuf {
    println!("cargo:rerun-if-env-changed=ROOTSYS");
    match env::var_os("ROOTSYS") {
        Some(path) if Path::new(&path).join("lib").is_dir() => PathBuf::from(path),
        Some(path) => fail(&format!("ROOTSYS={} holds no ROOT: source ROOT's thisroot.sh", path.to_string_lossy())),
        None => fail("ROOTSYS is not set: run `make build`, or source build/env.sh first"),
    }
}

/// The folder with libRootBaler.so: `ROOTBALER_LIB_DIR`, or `build/lib` of the checkout.
fn plugin_dir(top: &Path) -> PathBuf {
    println!("cargo:rerun-if-env-changed=ROOTBALER_LIB_DIR");
    let dir = env::var_os("ROOTBALER_LIB_DIR").map_or_else(|| top.join("build/lib"), PathBuf::from);
    if !dir.join("libRootBaler.so").is_file() {
        fail(&format!("{} has no libRootBaler.so: build the plugin first with `make build`", dir.display()));
    }
    dir
}

fn main() {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let Some(top) = manifest.ancestors().nth(2) else {
        fail("src/cli is not where it should be in the checkout");
    };
    let root_lib = rootsys().join("lib");
    let plugin = plugin_dir(top);

    cxx_build::bridge("src/bridge/ffi.rs")
        .file("cpp/bridge.cxx")
        .include(manifest.join("cpp"))
        .include(top.join("include"))
        .std("c++17")
        .warnings_into_errors(env::var_os("RB_WERROR").is_some())
        .compile("rootbaler_bridge");
    println!("cargo:rerun-if-env-changed=RB_WERROR");
    for source in ["src/bridge/ffi.rs", "cpp/bridge.cxx", "cpp/bridge.h", "../../include/RootBaler/Tools.h"] {
        println!("cargo:rerun-if-changed={source}");
    }

    println!("cargo:rustc-link-search=native={}", plugin.display());
    println!("cargo:rustc-link-lib=dylib=RootBaler");
    // the plugin brings ROOT's libraries itself; the linker only has to find them
    println!("cargo:rustc-link-arg=-Wl,-rpath-link,{}", root_lib.display());
    println!("cargo:rustc-link-arg=-Wl,-rpath,$ORIGIN/../lib");
    println!("cargo:rustc-link-arg=-Wl,-rpath,{}", root_lib.display());
}
