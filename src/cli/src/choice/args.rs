//! The command line, with the help that teaches it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  rootbaler compress in.root out.root --bound rel-sigma=1e-3
  rootbaler verify in.root out.root
  rootbaler decompress out.root plain.root

Bounds (how far a value may move):
  lossless       every bit comes back; the default where nobody asked
  abs=0.01       at most 0.01, in the units of the branch
  bits=10        10 mantissa bits are kept: at most 2^-11 of the value
  rel-sigma=1e-3 at most 0.001 of the standard deviation of all values of the branch in its tree, but
                 for repeated ones far away, such as -999
  ...,dither     after abs or rel-sigma: values are spread inside the bound, so that fine histograms
                 show no comb; costs one bit a value
NaN, infinities, zeros and values that cannot keep a bound are always stored exactly.

Exit codes:
  0 done   1 verification failed   2 bad argument   3 file cannot be read or written
  4 file is damaged   5 something is missing or incompatible   6 internal error   130 interrupted";

/// Learned, error-bounded compression of the numbers in ROOT files.
#[derive(Debug, Parser)]
#[command(name = "rootbaler", version, after_help = EXAMPLES)]
pub struct Cli {
    /// Print one JSON document to stdout instead of tables; errors are one JSON line on stderr
    #[arg(long, global = true)]
    pub json: bool,
    /// Errors only: no progress, no notes, and of what was done no table (what is asked for, as by inspect, is shown)
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The sub-commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compress a file: learn a model, write the file, verify every value, print a table
    Compress(CompressArgs),
    /// Write an ordinary ROOT file, readable without RootBaler
    Decompress(DecompressArgs),
    /// Write a compressed file with fewer branches; the values stay as they are
    Repack(RepackArgs),
    /// Train models on some files, to compress many files of the same kind
    Train(TrainArgs),
    /// Show what is in a file, per branch, and per basket with --baskets
    Inspect(InspectArgs),
    /// Check every value of every branch against its bound
    Verify(VerifyArgs),
    /// Write tables and plots that compare a file before and after
    Evaluate(EvaluateArgs),
    /// One file of many: what to do comes from stdin, as JSON
    #[command(hide = true)]
    CompressAssigned,
}

/// Whether branches are coded with the help of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// With the help of the branches before it: smallest
    Group,
    /// Every branch alone: no training, and reading one branch reads no other
    Single,
}

/// Which trees and branches, and how far their values may move.
#[derive(Debug, Args)]
pub struct Selection {
    /// Only this tree (path in the file, e.g. dir/Events); can be repeated. Default: all trees
    #[arg(long, value_name = "TREE")]
    pub tree: Vec<String>,
    /// Bound of all branches of Float_t and Double_t: lossless, abs=E, bits=K or rel-sigma=R
    #[arg(long, value_name = "SPEC")]
    pub bound: Option<String>,
    /// TOML file with bounds by branch-name pattern (the last match counts, after --bound)
    #[arg(long, value_name = "FILE.toml", long_help = CONFIG_HELP)]
    pub config: Option<PathBuf>,
}

const CONFIG_HELP: &str = "\
TOML file with bounds by branch-name pattern; the last match counts, and --bound stands before all of them:

  [bounds]
  \"*\" = \"rel-sigma=1e-3\"
  \"jet*_pt\" = \"abs=0.01\"
  \"weight\" = \"lossless\"

  [compress]
  mode = \"group\"
  level = 5";

/// How long and on what the trainer learns.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct Training {
    /// Most rows (entries, or elements of branches with a counter) to learn from, sampled over the whole input
    #[arg(long, value_name = "N", default_value_t = 200_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub sample_rows: u64,
    /// Most seconds to train, for all groups together, in CPU time of each thread: on a busy machine it takes longer,
    /// up to four times [default: 30 for levels up to 3, 240 from level 7, else 60]
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: Option<u64>,
    /// Seed of sampling and training: the same seed gives the same rows
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// Of `rootbaler compress`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rootbaler compress in.root out.root --bound rel-sigma=1e-3
  rootbaler compress in.root out.root --config bounds.toml --tree Events
  rootbaler compress in.root out.root --bound abs=0.01 --mode single
  rootbaler compress in.root out.root --model higgs.rbm
  rootbaler compress run*.root -o small --bound rel-sigma=1e-3

Everything else in the file (histograms, directories, other branches) is copied.
An output gets its name only when it is complete and every value has been verified.
With many files one model is learned from some of them, two files are worked on at a time, and what failed is listed at
the end. A bound rel-sigma=R is then R times the standard deviation in those files, the same for all (with --model: that
of the files it was trained on). Files that are in DIR already, complete, with the trees, entries and branches of
their input and with the bounds asked for, are skipped: start the same command again after an interruption. --recheck
compares their values too. With other bounds they are written anew.")]
pub struct CompressArgs {
    /// File to compress and file to write; with -o, files to compress. Inputs are never changed
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Folder for the outputs, which have the names of their inputs
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Trees and bounds
    #[command(flatten)]
    pub selection: Selection,
    /// Use this model, made by `rootbaler train`: its bounds count, which must keep --bound and [bounds], if any, with
    /// the sigmas of the file
    #[arg(long, value_name = "MODEL", conflicts_with = "train")]
    pub model: Option<PathBuf>,
    /// Train models even where every branch is lossless, as --mode group does (lossy ones are trained anyway)
    #[arg(long)]
    pub train: bool,
    /// Group: small; asked for by name, it trains where every branch is lossless, too. Single: every branch alone, no
    /// training [default: group]
    #[arg(long, value_enum)]
    pub mode: Option<Mode>,
    /// 1 (fast) to 9 (small) [default: 5]
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=9))]
    pub level: Option<u8>,
    /// How to learn
    #[command(flatten)]
    pub training: Training,
    /// With -o: compare outputs that are there already value by value before they are skipped
    #[arg(long, requires = "output")]
    pub recheck: bool,
    /// Replace outputs that exist
    #[arg(long)]
    pub force: bool,
    /// A line for each branch, however many there are
    #[arg(long)]
    pub all: bool,
}

/// Of `rootbaler decompress`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rootbaler decompress out.root plain.root")]
pub struct DecompressArgs {
    /// Compressed file; never changed
    pub input: PathBuf,
    /// File to write
    pub output: PathBuf,
    /// Replace OUTPUT if it exists
    #[arg(long)]
    pub force: bool,
}

/// Of `rootbaler repack`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rootbaler repack out.root jets.root --keep 'Jet_*' --keep event
  rootbaler repack out.root smaller.root --drop 'HLT_*' --drop 'Runs/weight*'

A pattern is the name of a branch, or TREE/NAME, where * and ? stand for other characters. First --keep chooses, then
--drop takes away. Branches that count the elements of kept ones are kept too, and trees in which no --keep matches
are kept whole.

Branches of a compressed file are coded with the help of each other, so a fast clone without some of them (hadd and
TTree::CloneTree(-1, \"fast\")) may leave others that cannot be read. This command codes them anew, with the help of
those that are kept. No value moves a second time, which is checked bit by bit before OUTPUT gets its name.")]
pub struct RepackArgs {
    /// File that was written by `rootbaler compress`; never changed
    pub input: PathBuf,
    /// File to write
    pub output: PathBuf,
    /// Keep branches of this name only; can be repeated. Default: all
    #[arg(long, value_name = "PATTERN")]
    pub keep: Vec<String>,
    /// Leave out branches of this name; can be repeated
    #[arg(long, value_name = "PATTERN")]
    pub drop: Vec<String>,
    /// Replace OUTPUT if it exists
    #[arg(long)]
    pub force: bool,
    /// A line for each branch, however many there are
    #[arg(long)]
    pub all: bool,
}

/// Of `rootbaler train`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  rootbaler train one.root two.root --bound rel-sigma=1e-3 -o higgs.rbm
  rootbaler compress other.root other_small.root --model higgs.rbm")]
pub struct TrainArgs {
    /// Files to learn from
    #[arg(required = true, value_name = "FILE")]
    pub inputs: Vec<PathBuf>,
    /// Model file to write
    #[arg(short, long, value_name = "MODEL")]
    pub output: PathBuf,
    /// Trees and bounds
    #[command(flatten)]
    pub selection: Selection,
    /// 1 (fast) to 9 (small) [default: 5]
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=9))]
    pub level: Option<u8>,
    /// How to learn
    #[command(flatten)]
    pub training: Training,
    /// Replace MODEL if it exists
    #[arg(long)]
    pub force: bool,
}

/// Of `rootbaler inspect`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rootbaler inspect out.root --baskets")]
pub struct InspectArgs {
    /// File to look into
    pub file: PathBuf,
    /// A line for each basket too
    #[arg(long)]
    pub baskets: bool,
    /// A line for each branch, however many there are
    #[arg(long)]
    pub all: bool,
}

/// Of `rootbaler verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rootbaler verify in.root out.root && echo good
  rootbaler verify in.root plain.root --bounds-of out.root
  rootbaler verify in.root plain.root --bound abs=0.01

The bounds are those that the compressed file promises. One that promises nothing, such as what `rootbaler decompress`
writes, is compared bit by bit, unless --bound or --bounds-of says what its values may differ by.
Exit code 0 if every value keeps its bound and nothing is missing, 1 if not.")]
pub struct VerifyArgs {
    /// File before
    pub original: PathBuf,
    /// File after
    pub compressed: PathBuf,
    /// Bound of all branches of Float_t and Double_t, instead of those promised: lossless, abs=E or bits=K
    #[arg(long, value_name = "SPEC", conflicts_with = "bounds_of")]
    pub bound: Option<String>,
    /// The compressed file whose bounds count
    #[arg(long, value_name = "FILE")]
    pub bounds_of: Option<PathBuf>,
    /// A line for each branch, however many there are
    #[arg(long)]
    pub all: bool,
}

/// Of `rootbaler evaluate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  rootbaler evaluate in.root out.root -o evaluation

Writes table.txt, table.csv and table.json, and plots drawn by ROOT: PDF and, where its image library can be
loaded, PNG.")]
pub struct EvaluateArgs {
    /// File before
    pub original: PathBuf,
    /// File after
    pub compressed: PathBuf,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
}
