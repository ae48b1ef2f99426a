//! The trainer finds libtorch beside its own installation, never in another program's.
fn main() {
    // RPATH, not RUNPATH: it goes before a user's LD_LIBRARY_PATH, so another torch there does no harm
    println!("cargo:rustc-link-arg-bins=-Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib/rootbaler/torch");
    println!("cargo:rerun-if-changed=build.rs");
}
