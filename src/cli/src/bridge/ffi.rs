//! The bridge to the C++ file operations of `RootBaler/Tools.h`. The structs mirror those of that header, which says
//! what their fields are; those that programs get by `--json` have the names that they see.

use crate::support::progress::ProgressSink;
use serde::{Serialize, Serializer};

/// An entry, or null where there is none.
fn entry_or_null<S: Serializer>(entry: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    u64::try_from(*entry).ok().serialize(serializer)
}

#[cxx::bridge(namespace = "rootbaler_cli")]
pub mod calls {
    /// What can be a column of a group.
    #[derive(Debug, Clone, Serialize)]
    struct GroupColumn {
        name: String,
        #[serde(rename = "type")]
        type_name: String,
        counter: String,
        per_count: u32,
        rows: u64,
    }

    /// One top-level branch.
    #[derive(Debug, Clone, Serialize)]
    struct BranchInfo {
        name: String,
        #[serde(rename = "type")]
        type_name: String,
        #[serde(skip)]
        bound_names: Vec<String>,
        columns: Vec<GroupColumn>,
        rows: u64,
        setting: i32,
        raw_bytes: u64,
        bytes: u64,
    }

    /// What a file promises about a branch or leaf.
    #[derive(Debug, Clone)]
    struct BoundPromise {
        name: String,
        bound: String,
        request: String,
    }

    /// One tree of a file.
    #[derive(Debug, Clone)]
    struct TreeInfo {
        path: String,
        entries: u64,
        branches: Vec<BranchInfo>,
        promises: Vec<BoundPromise>,
    }

    /// A column to learn: a branch and its bound; or a branch of another group, and the column that points to its
    /// elements.
    #[derive(Debug, Clone, PartialEq)]
    struct SampleColumn {
        name: String,
        bound: String,
        index: String,
        sigma: f64,
    }

    /// How a leaf spreads.
    #[derive(Debug, Clone, Copy)]
    struct LeafSigma {
        sigma: f64,
        is_whole: bool,
        only_grows: bool,
    }

    /// The leaves of one tree.
    #[derive(Debug, Clone)]
    struct TreeSigmas {
        leaves: Vec<LeafSigma>,
    }

    /// Rows to learn from.
    #[derive(Debug, Clone)]
    struct SampleRequest {
        files: Vec<String>,
        trees: Vec<String>,
        columns: Vec<SampleColumn>,
        max_rows: u64,
        seed: u64,
    }

    /// A sample that is to be taken: for rootbaler-train, or as a model without a network.
    #[derive(Debug, Clone)]
    struct SampleOrder {
        request: SampleRequest,
        path: String,
        is_model: bool,
    }

    /// What came of a sample.
    #[derive(Debug, Clone)]
    struct SampleInfo {
        rows: u64,
        total_rows: u64,
        left_out: Vec<String>,
    }

    /// One column of a model.
    #[derive(Debug, Clone, Serialize)]
    struct ColumnInfo {
        name: String,
        #[serde(rename = "type")]
        type_name: String,
        bound: String,
        request: String,
        parents: Vec<String>,
    }

    /// What a model says about itself.
    #[derive(Debug, Clone, Serialize)]
    struct ModelInfo {
        hash: String,
        bytes: u64,
        is_jagged: bool,
        has_network: bool,
        columns: Vec<ColumnInfo>,
    }

    /// A tree to compress, and the files of the models that serve it.
    #[derive(Debug, Clone)]
    struct TreeModels {
        tree: String,
        models: Vec<String>,
    }

    /// How a file is compressed.
    #[derive(Debug, Clone)]
    struct CompressOptions {
        trees: Vec<TreeModels>,
        group: bool,
        level: i32,
    }

    /// One branch before and after.
    #[derive(Debug, Clone, Serialize)]
    struct BranchCheck {
        tree: String,
        branch: String,
        bound: String,
        worst_error: f64,
        worst_in_bounds: f64,
        values: u64,
        violations: u64,
        /// Negative if there is none.
        #[serde(serialize_with = "super::entry_or_null")]
        first_violation: i64,
        bytes_before: u64,
        bytes_after: u64,
        raw_bytes: u64,
        float_bytes: u64,
        bounded_bytes: u64,
    }

    /// How two files are compared; empty texts: with what the compressed file promises.
    #[derive(Debug, Clone, Default)]
    struct VerifyOptions {
        bound: String,
        bounds_of: String,
    }

    /// Some of the branches of a tree.
    #[derive(Debug, Clone, PartialEq)]
    struct TreeBranches {
        tree: String,
        branches: Vec<String>,
    }

    /// Two files compared.
    #[derive(Debug, Clone, Serialize)]
    struct VerifyReport {
        branches: Vec<BranchCheck>,
        problems: Vec<String>,
        comparison: String,
        file_bytes_before: u64,
        file_bytes_after: u64,
        passed: bool,
    }

    /// One basket.
    #[derive(Debug, Clone, Serialize)]
    struct BasketInfo {
        first_entry: u64,
        entries: u64,
        bytes: u64,
        raw_bytes: u64,
        kind: String,
        model: String,
        rows: u64,
        context_rows: u64,
    }

    /// One branch with its baskets.
    #[derive(Debug, Clone, Serialize)]
    struct BranchDetails {
        #[serde(flatten)]
        branch: BranchInfo,
        bound: String,
        model: String,
        parents: Vec<String>,
        #[serde(skip)]
        baskets: Vec<BasketInfo>,
    }

    /// One tree with its branches.
    #[derive(Debug, Clone)]
    struct TreeDetails {
        path: String,
        entries: u64,
        branches: Vec<BranchDetails>,
    }

    /// What is in a file.
    #[derive(Debug, Clone)]
    struct FileDetails {
        bytes: u64,
        trees: Vec<TreeDetails>,
        models: Vec<ModelInfo>,
    }

    extern "Rust" {
        type ProgressSink;
        fn report(self: &ProgressSink, stage: &str, done: u64, total: u64) -> bool;
    }

    unsafe extern "C++" {
        include!("bridge.h");

        fn list_trees(file: &str) -> Result<Vec<TreeInfo>>;
        fn measure_sigmas(
            files: &[String],
            leaves: &[TreeBranches],
            progress: &ProgressSink,
        ) -> Result<Vec<TreeSigmas>>;
        fn take_samples(orders: &[SampleOrder], progress: &ProgressSink) -> Result<Vec<SampleInfo>>;
        fn describe_models(path: &str) -> Result<Vec<ModelInfo>>;
        fn join_models(paths: &[String], out: &str) -> Result<()>;
        fn check_input(file: &str) -> Result<()>;
        fn compress(
            input: &str,
            output: &str,
            options: &CompressOptions,
            progress: &ProgressSink,
        ) -> Result<Vec<String>>;
        fn decompress(input: &str, output: &str, progress: &ProgressSink) -> Result<()>;
        fn verify(
            original: &str,
            compressed: &str,
            options: &VerifyOptions,
            progress: &ProgressSink,
        ) -> Result<VerifyReport>;
        fn repack(input: &str, output: &str, kept: &[TreeBranches], progress: &ProgressSink) -> Result<VerifyReport>;
        fn inspect(file: &str) -> Result<FileDetails>;
    }
}
