#include "bridge.h"

#include "RootBaler/Tools.h"
#include "rootbaler-cli/src/bridge/ffi.rs.h"

#include <vector>

namespace rootbaler_cli {

namespace {

std::string Plain(rust::Str text)
{
   return std::string(text.data(), text.size());
}

std::string Plain(const rust::String &text)
{
   return std::string(text.data(), text.size());
}

// names in old files need not be UTF-8
rust::String Text(const std::string &text)
{
   return rust::String::lossy(text);
}

rust::Vec<rust::String> Texts(const std::vector<std::string> &texts)
{
   rust::Vec<rust::String> result;
   for (const std::string &text : texts)
      result.push_back(Text(text));
   return result;
}

RootBaler::Progress Watch(const ProgressSink &sink)
{
   return [&sink](const std::string &stage, std::uint64_t done, std::uint64_t total) {
      return sink.report(rust::Str(stage), done, total);
   };
}

std::vector<RootBaler::SampleColumn> Columns(const rust::Vec<SampleColumn> &columns)
{
   std::vector<RootBaler::SampleColumn> result;
   for (const SampleColumn &column : columns)
      result.push_back({Plain(column.name), Plain(column.bound), Plain(column.index), column.sigma});
   return result;
}

std::vector<std::string> Plain(rust::Slice<const rust::String> texts)
{
   std::vector<std::string> result;
   for (const rust::String &text : texts)
      result.push_back(Plain(text));
   return result;
}

std::vector<RootBaler::TreeBranches> Branches(rust::Slice<const TreeBranches> trees)
{
   std::vector<RootBaler::TreeBranches> result;
   for (const TreeBranches &tree : trees)
      result.push_back({Plain(tree.tree), Plain({tree.branches.data(), tree.branches.size()})});
   return result;
}

RootBaler::SampleRequest Request(const SampleRequest &request)
{
   RootBaler::SampleRequest result;
   for (const rust::String &file : request.files)
      result.fFiles.push_back(Plain(file));
   for (const rust::String &tree : request.trees)
      result.fTrees.push_back(Plain(tree));
   result.fColumns = Columns(request.columns);
   result.fMaxRows = request.max_rows;
   result.fSeed = request.seed;
   return result;
}

BranchInfo Branch(const RootBaler::BranchInfo &info)
{
   BranchInfo branch;
   branch.name = Text(info.fName);
   branch.type_name = Text(info.fType);
   branch.bound_names = Texts(info.fBoundNames);
   for (const RootBaler::GroupColumn &from : info.fColumns) {
      GroupColumn column;
      column.name = Text(from.fName);
      column.type_name = Text(from.fType);
      column.counter = Text(from.fCounter);
      column.per_count = from.fPerCount;
      column.rows = from.fRows;
      branch.columns.push_back(std::move(column));
   }
   branch.rows = info.fRows;
   branch.setting = info.fSetting;
   branch.raw_bytes = info.fTotBytes;
   branch.bytes = info.fZipBytes;
   return branch;
}

ModelInfo Model(const RootBaler::ModelInfo &info)
{
   ModelInfo model;
   model.hash = Text(info.fHash);
   model.bytes = info.fBytes;
   model.is_jagged = info.fIsJagged;
   model.has_network = info.fHasNetwork;
   for (const RootBaler::ColumnInfo &from : info.fColumns) {
      ColumnInfo column;
      column.name = Text(from.fName);
      column.type_name = Text(from.fType);
      column.bound = Text(from.fBound);
      column.request = Text(from.fRequest);
      column.parents = Texts(from.fParents);
      model.columns.push_back(std::move(column));
   }
   return model;
}

BasketInfo Basket(const RootBaler::BasketInfo &info)
{
   BasketInfo basket;
   basket.first_entry = info.fFirstEntry;
   basket.entries = info.fEntries;
   basket.bytes = info.fBytes;
   basket.raw_bytes = info.fRawBytes;
   basket.kind = Text(info.fKind);
   basket.model = Text(info.fModel);
   basket.rows = info.fRows;
   basket.context_rows = info.fContextRows;
   return basket;
}

BranchDetails Details(const RootBaler::BranchDetails &from)
{
   BranchDetails details;
   details.branch = Branch(from.fBranch);
   details.bound = Text(from.fBound);
   details.model = Text(from.fModel);
   details.parents = Texts(from.fParents);
   for (const RootBaler::BasketInfo &basket : from.fBaskets)
      details.baskets.push_back(Basket(basket));
   return details;
}

} // namespace

rust::Vec<TreeInfo> list_trees(rust::Str file)
{
   rust::Vec<TreeInfo> trees;
   for (const RootBaler::TreeInfo &info : RootBaler::ListTrees(Plain(file))) {
      TreeInfo tree;
      tree.path = Text(info.fPath);
      tree.entries = info.fEntries;
      for (const RootBaler::BranchInfo &branch : info.fBranches)
         tree.branches.push_back(Branch(branch));
      for (const RootBaler::BoundPromise &promise : info.fPromises)
         tree.promises.push_back({Text(promise.fName), Text(promise.fBound), Text(promise.fRequest)});
      trees.push_back(std::move(tree));
   }
   return trees;
}

rust::Vec<TreeSigmas> measure_sigmas(rust::Slice<const rust::String> files, rust::Slice<const TreeBranches> leaves,
                                     const ProgressSink &progress)
{
   rust::Vec<TreeSigmas> trees;
   for (const RootBaler::TreeSigmas &from : RootBaler::MeasureSigmas(Plain(files), Branches(leaves), Watch(progress))) {
      TreeSigmas tree;
      for (const RootBaler::LeafSigma &leaf : from.fLeaves)
         tree.leaves.push_back({leaf.fSigma, leaf.fIsWhole, leaf.fOnlyGrows});
      trees.push_back(std::move(tree));
   }
   return trees;
}

rust::Vec<SampleInfo> take_samples(rust::Slice<const SampleOrder> orders, const ProgressSink &progress)
{
   std::vector<RootBaler::SampleOrder> all;
   for (const SampleOrder &order : orders)
      all.push_back({Request(order.request), Plain(order.path), order.is_model});
   rust::Vec<SampleInfo> infos;
   for (const RootBaler::SampleInfo &info : RootBaler::TakeSamples(all, Watch(progress)))
      infos.push_back({info.fRows, info.fTotalRows, Texts(info.fLeftOut)});
   return infos;
}

rust::Vec<ModelInfo> describe_models(rust::Str path)
{
   rust::Vec<ModelInfo> models;
   for (const RootBaler::ModelInfo &info : RootBaler::DescribeModels(Plain(path)))
      models.push_back(Model(info));
   return models;
}

void join_models(rust::Slice<const rust::String> paths, rust::Str out)
{
   RootBaler::JoinModels(Plain(paths), Plain(out));
}

void check_input(rust::Str file)
{
   RootBaler::CheckInput(Plain(file));
}

rust::Vec<rust::String> compress(rust::Str input, rust::Str output, const CompressOptions &options,
                                 const ProgressSink &progress)
{
   RootBaler::CompressOptions plain;
   plain.fGroup = options.group;
   plain.fLevel = options.level;
   for (const TreeModels &from : options.trees) {
      RootBaler::TreePlan tree{Plain(from.tree), {}};
      for (const rust::String &path : from.models)
         tree.fModels.push_back(Plain(path));
      plain.fTrees.push_back(std::move(tree));
   }
   return Texts(RootBaler::Compress(Plain(input), Plain(output), plain, Watch(progress)));
}

void decompress(rust::Str input, rust::Str output, const ProgressSink &progress)
{
   RootBaler::Decompress(Plain(input), Plain(output), Watch(progress));
}

namespace {

VerifyReport Report(const RootBaler::VerifyReport &from)
{
   VerifyReport report;
   for (const RootBaler::BranchCheck &check : from.fBranches) {
      BranchCheck branch;
      branch.tree = Text(check.fTree);
      branch.branch = Text(check.fBranch);
      branch.bound = Text(check.fBound);
      branch.worst_error = check.fWorstError;
      branch.worst_in_bounds = check.fWorstInBounds;
      branch.values = check.fValues;
      branch.violations = check.fViolations;
      branch.first_violation = check.fFirstViolation;
      branch.bytes_before = check.fBytesBefore;
      branch.bytes_after = check.fBytesAfter;
      branch.raw_bytes = check.fRawBytes;
      branch.float_bytes = check.fFloatBytes;
      branch.bounded_bytes = check.fBoundedBytes;
      report.branches.push_back(std::move(branch));
   }
   report.problems = Texts(from.fProblems);
   report.comparison = Text(from.fComparison);
   report.file_bytes_before = from.fFileBytesBefore;
   report.file_bytes_after = from.fFileBytesAfter;
   report.passed = from.Passed();
   return report;
}

} // namespace

VerifyReport verify(rust::Str original, rust::Str compressed, const VerifyOptions &options,
                    const ProgressSink &progress)
{
   const RootBaler::VerifyOptions plain{Plain(options.bound), Plain(options.bounds_of), {}};
   return Report(RootBaler::Verify(Plain(original), Plain(compressed), plain, Watch(progress)));
}

VerifyReport repack(rust::Str input, rust::Str output, rust::Slice<const TreeBranches> kept,
                    const ProgressSink &progress)
{
   return Report(RootBaler::Repack(Plain(input), Plain(output), Branches(kept), Watch(progress)));
}

FileDetails inspect(rust::Str file)
{
   const auto from = RootBaler::Inspect(Plain(file));
   FileDetails details;
   details.bytes = from.fBytes;
   for (const RootBaler::TreeDetails &info : from.fTrees) {
      TreeDetails tree;
      tree.path = Text(info.fPath);
      tree.entries = info.fEntries;
      for (const RootBaler::BranchDetails &branch : info.fBranches)
         tree.branches.push_back(Details(branch));
      details.trees.push_back(std::move(tree));
   }
   for (const RootBaler::ModelInfo &model : from.fModels)
      details.models.push_back(Model(model));
   return details;
}

} // namespace rootbaler_cli
