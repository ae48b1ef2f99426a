//! The command's configuration, which is read without ROOT and libtorch: a configuration or a message.
#![no_main]
#![allow(dead_code)] // of the command only these files are here

use libfuzzer_sys::fuzz_target;

#[path = "."]
mod choice {
    /// The command line, as far as it is needed: all of it needs a crate that takes minutes here.
    pub mod args {
        #[derive(Debug, serde::Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Mode {
            Group,
            Single,
        }
    }
    #[path = "../../../src/cli/src/choice/config.rs"]
    pub mod config;
    #[path = "../../../src/cli/src/choice/pattern.rs"]
    pub mod pattern;
}

#[path = "."]
mod support {
    #[path = "../../../src/cli/src/support/error.rs"]
    pub mod error;
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(config) = choice::config::Config::parse(text) else { return };
    let Ok(rules) = config.bound_rules() else { panic!("read with rules that are none") };
    for (pattern, bound) in rules {
        _ = (choice::pattern::Pattern::new(pattern), bound.parse::<rootbaler::Bound>());
    }
});
