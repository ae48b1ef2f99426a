//! The command `rootbaler` from outside: real files in, files, words and exit codes out. Needs ROOT and the plugin;
//! `make test` sets the environment.

mod bad_input;
mod damage;
mod drift;
mod help;
mod inspect;
mod jagged;
mod memory;
mod outputs;
mod promise;
mod repack;
mod roundtrip;
mod training;
mod world;
