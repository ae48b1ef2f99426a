// Operations on whole ROOT files: list, sample, compress, decompress, repack, verify, inspect.
// For macros, PyROOT and the command line. All functions throw RootBaler::Error.
#ifndef ROOTBALER_TOOLS_H
#define ROOTBALER_TOOLS_H

#include "RootBaler/Error.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace RootBaler {

/// Called now and then with what is being done and how much of it is done. Return false to stop.
using Progress = std::function<bool(const std::string &stage, std::uint64_t done, std::uint64_t total)>;

/// What can be a column of a group: numbers, as many for each entry as all columns of the group have.
struct GroupColumn {
   std::string fName;
   std::string fType;           ///< of its values, e.g. "Float_t"
   std::string fCounter;        ///< branch that counts its elements, e.g. "nJet"; empty: one for each entry
   std::uint32_t fPerCount = 1; ///< elements for each count: 3 in x[n][3]
   std::uint64_t fRows = 0;     ///< elements if it has a counter (roughly), else entries
};

/// One top-level branch; its numbers include its sub-branches.
struct BranchInfo {
   std::string fName;
   std::string fType;             ///< e.g. "Float_t", "Int_t[nJet]", "vector<float>"
   /// What gets a bound: its own name if its leaf is a Float_t or Double_t, "branch.leaf" for those of a leaf list
   std::vector<std::string> fBoundNames;
   std::vector<GroupColumn> fColumns; ///< itself, or branches below it
   std::uint64_t fRows = 0;       ///< elements if it has a counter (roughly), else entries
   int fSetting = 0;              ///< ROOT's compression setting
   std::uint64_t fTotBytes = 0;   ///< bytes before compression
   std::uint64_t fZipBytes = 0;   ///< bytes in the file
};

/// What a file promises about a branch of Float_t or Double_t, or such a leaf of a leaf list.
struct BoundPromise {
   std::string fName;
   std::string fBound;   ///< resolved, e.g. "abs=0.0123"; "lossless" in a tree that RootBaler did not compress
   std::string fRequest; ///< as it was asked for, e.g. "rel-sigma=0.001"
};

/// One tree of a file, the newest cycle of its key.
struct TreeInfo {
   std::string fPath; ///< path in the file, e.g. "events/sig"
   std::string fTitle;
   std::uint64_t fEntries = 0;
   std::vector<BranchInfo> fBranches;
   std::vector<BoundPromise> fPromises;
};

/// The trees of `file`, those in subdirectories too. Throws if there are none, but an RNTuple.
std::vector<TreeInfo> ListTrees(const std::string &file);

/// A branch with the bound it shall keep: "lossless", "abs=E", "bits=K" or "rel-sigma=R"; ",dither" may follow
/// "abs=E" and "rel-sigma=R".
struct SampleColumn {
   std::string fName;
   std::string fBound;
   /// Set for a branch with another counter: the name of an earlier column that has places in its entries. Its values
   /// are seen by the columns of the sample and have no bound here.
   std::string fIndex;
   /// What a bound in sigmas is a multiple of, from MeasureSigmas(); NaN: the standard deviation of the sample.
   double fSigma = std::numeric_limits<double>::quiet_NaN();
};

/// Some of the branches of a tree.
struct TreeBranches {
   std::string fTree;
   std::vector<std::string> fBranches;
};

/// What MeasureSigmas() finds of one leaf.
struct LeafSigma {
   double fSigma = 0;        ///< NaN without finite values
   bool fIsWhole = false;    ///< several different values, all of them whole numbers, such as those of events
   bool fOnlyGrows = false;  ///< each value at least as large as the one before it, and many larger, as times are
};

/// What MeasureSigmas() finds of one tree.
struct TreeSigmas {
   std::vector<LeafSigma> fLeaves; ///< in the order in which they were asked for
};

/// The standard deviations of leaves, which have the names of BranchInfo::fBoundNames: of all values of all the files,
/// each tree by itself, without repeated values far away from all others, such as -999.
std::vector<TreeSigmas> MeasureSigmas(const std::vector<std::string> &files, const std::vector<TreeBranches> &leaves,
                                      const Progress &progress = {});

/// Throws if `spec` is not a bound.
void CheckBound(const std::string &spec);

/// Rows to learn from: the same columns of one or more trees, of one or more files. Either all columns have no counter
/// (a row is an entry), or all have the same (a row is an element). A leaf of a branch of another
/// layout (an array, a leaf list) must be the only column; a row is a value.
struct SampleRequest {
   std::vector<std::string> fFiles;
   std::vector<std::string> fTrees; ///< in each of the files
   std::vector<SampleColumn> fColumns;
   std::uint64_t fMaxRows = 200000;
   std::uint64_t fSeed = 1;
};

/// What came of it.
struct SampleInfo {
   std::uint64_t fRows = 0;      ///< in the sample
   std::uint64_t fTotalRows = 0; ///< in all the trees; an estimate from the sample if they have a counter
   /// Columns with other numbers of elements than the first one, whatever is said to count them.
   std::vector<std::string> fLeftOut;
};

/// A sample that is to be taken.
struct SampleOrder {
   SampleRequest fRequest;
   std::string fPath;     ///< the file to write
   bool fIsModel = false; ///< a model without a network (each column alone), with bounds resolved; else the sample
                          ///< itself, for rootbaler-train
};

/// Takes samples, each of a bounded number of clusters, not of the whole files; files are opened once for all of them.
std::vector<SampleInfo> TakeSamples(const std::vector<SampleOrder> &orders, const Progress &progress = {});

/// One column of a model.
struct ColumnInfo {
   std::string fName;
   std::string fType;                  ///< e.g. "Float_t"
   std::string fBound;                 ///< resolved, e.g. "abs=0.0123"
   std::string fRequest;               ///< as the user gave it, e.g. "rel-sigma=0.001"
   std::vector<std::string> fParents;  ///< the columns it is coded with the help of
};

/// What a model says about itself.
struct ModelInfo {
   std::string fHash; ///< 16 hex digits
   std::uint64_t fBytes = 0;
   bool fIsJagged = false;  ///< its columns have a counter
   bool fHasNetwork = true; ///< else it is needed for writing only
   std::vector<ColumnInfo> fColumns;
};

/// Reads and checks a model file; it may hold several models.
std::vector<ModelInfo> DescribeModels(const std::string &path);

/// Writes the models of some files into one.
void JoinModels(const std::vector<std::string> &paths, const std::string &out);

/// How one tree is compressed.
struct TreePlan {
   std::string fTree;
   /// Paths of model files. Models that do not fit the tree are left out; branches in none are lossless.
   std::vector<std::string> fModels;
};

/// How a file is compressed. Trees without a plan are copied with ROOT's zstd.
struct CompressOptions {
   std::vector<TreePlan> fTrees;
   bool fGroup = true; ///< code branches with the help of others; false: every branch stands alone
   int fLevel = 5;     ///< 1 (fast) .. 9 (small)
};

/// Throws if there is something in `file` that Compress() cannot copy: an RNTuple.
void CheckInput(const std::string &file);

/// Writes everything in `in` to the new file `out`, the planned trees compressed. Returns the hashes of models that
/// would have taken more bytes than they save, so that their networks were left out.
std::vector<std::string> Compress(const std::string &in, const std::string &out, const CompressOptions &options,
                                  const Progress &progress = {});

/// Writes everything in `in` to the new file `out`, readable without RootBaler.
void Decompress(const std::string &in, const std::string &out, const Progress &progress = {});

/// The comparison of one branch before and after.
struct BranchCheck {
   std::string fTree;
   std::string fBranch;
   std::string fBound;             ///< the promised bound; "exact" where nothing may change
   double fWorstError = 0;         ///< largest |after - before| among finite values
   double fWorstInBounds = 0;      ///< the same in units of the bound; 0 for exact branches
   std::uint64_t fValues = 0;      ///< values compared
   std::uint64_t fViolations = 0;  ///< values outside the bound
   std::int64_t fFirstViolation = -1; ///< entry of the first of them
   std::uint64_t fBytesBefore = 0; ///< bytes in the original file
   std::uint64_t fBytesAfter = 0;
   std::uint64_t fRawBytes = 0;    ///< bytes without compression
   std::uint64_t fFloatBytes = 0;  ///< those of them that are floats (none are seen in objects stored as a whole)
   std::uint64_t fBoundedBytes = 0; ///< those of floats for which a bound was asked
};

/// The comparison of two files.
struct VerifyReport {
   std::vector<BranchCheck> fBranches;
   std::vector<std::string> fProblems; ///< trees, branches or entries that are missing or too many
   std::string fComparison;            ///< what was compared, in words
   std::uint64_t fFileBytesBefore = 0;
   std::uint64_t fFileBytesAfter = 0;
   bool Passed() const;
};

/// How files are compared.
struct VerifyOptions {
   std::string fBound;    ///< "lossless", "abs=E" or "bits=K" for all floats; empty: what the file promises
   std::string fBoundsOf; ///< a file whose promises count, such as the one that was decompressed; empty: `compressed`
   std::vector<TreeBranches> fOnly; ///< of these trees only these branches; of others all
};

/// Compares every value of every branch of every tree with its bound: the one that `compressed` promises, unless the
/// options say otherwise.
VerifyReport Verify(const std::string &original, const std::string &compressed, const VerifyOptions &options = {},
                    const Progress &progress = {});

/// Writes `in`, a compressed file, to the new file `out`, of these trees only these branches and the counters that they
/// need, compressed with the same bounds. The values stay as they are, bit by bit: the report says so of each branch.
VerifyReport Repack(const std::string &in, const std::string &out, const std::vector<TreeBranches> &kept,
                    const Progress &progress = {});

/// One basket of a branch.
struct BasketInfo {
   std::uint64_t fFirstEntry = 0;
   std::uint64_t fEntries = 0;
   std::uint64_t fBytes = 0;        ///< in the file, key included
   std::uint64_t fRawBytes = 0;
   std::string fKind;               ///< "model", "column", "vectors", "lists", "bytes", "raw" or ROOT's, e.g. "ZSTD"
   std::string fModel;              ///< hash of the model, if one is needed to read it
   std::uint64_t fRows = 0;         ///< elements if the branch has a counter, else entries; 0 if it has no rows
   std::uint64_t fContextRows = 0;  ///< rows coded with the help of other branches
};

/// One branch with its baskets.
struct BranchDetails {
   BranchInfo fBranch;
   std::string fBound;
   std::string fModel;
   std::vector<std::string> fParents;
   std::vector<BasketInfo> fBaskets;
};

struct TreeDetails {
   std::string fPath;
   std::uint64_t fEntries = 0;
   std::vector<BranchDetails> fBranches;
};

/// What is in a file.
struct FileDetails {
   std::uint64_t fBytes = 0;
   std::vector<TreeDetails> fTrees;
   std::vector<ModelInfo> fModels;
};

FileDetails Inspect(const std::string &file);

} // namespace RootBaler

#endif
