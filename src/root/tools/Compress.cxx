// A whole file, its planned trees compressed with RootBaler.
#include "BasketLayout.h"
#include "CodecLink.h"
#include "CopyFile.h"
#include "RootBaler/Setting.h"
#include "RootBaler/Tools.h"

#include <algorithm>

namespace RootBaler {

namespace {

constexpr int kZstd5 = 505;

// Entry offsets that follow from the counter need not be stored; ROOT 6.12 and later make them when reading. But not for
// x[n][2]: there ROOT 6.40 makes offsets for x[n], and reads wrong values.
void LeaveOutOffsets(TBranch &branch)
{
   if (Internal::CounterOf(branch) && Internal::ElementsPerCount(branch) == 1) {
      ROOT::TIOFeatures features = branch.GetIOFeatures();
      features.Set(ROOT::Experimental::EIOFeatures::kGenerateOffsetMap);
      branch.SetIOFeatures(features);
   }
}

// Branches that are not numbers alone keep to zstd, and can be read without RootBaler.
void SetUp(TBranch &branch, int setting)
{
   const bool isOurs = Internal::LayoutOf(branch).has_value();
   branch.SetCompressionSettings(isOurs ? setting : kZstd5);
   LeaveOutOffsets(branch);
   for (TObject *sub : *branch.GetListOfBranches())
      SetUp(*static_cast<TBranch *>(sub), setting);
}

void CompressBranches(TTree &tree, const TreePlan &plan, const CompressOptions &options)
{
   for (TObject *object : *tree.GetListOfBranches())
      SetUp(*static_cast<TBranch *>(object), Setting(options.fLevel));
   Internal::AttachCodec(tree, plan, options.fGroup);
}

} // namespace

void Compress(const std::string &in, const std::string &out, const CompressOptions &options, const Progress &progress)
{
   if (options.fLevel < 1 || options.fLevel > 9)
      throw Error(EStatus::kBadArgument, "level " + std::to_string(options.fLevel) + " is not between 1 and 9");
   Internal::CopyPolicy policy;
   policy.fStage = "compressing";
   policy.fPrepareTree = [&options](TTree &source, TTree &copy, const std::string &path) {
      copy.SetAutoFlush(Internal::ClusterEntries(source));
      const auto plan = std::find_if(options.fTrees.begin(), options.fTrees.end(),
                                     [&path](const TreePlan &candidate) { return candidate.fTree == path; });
      if (plan != options.fTrees.end()) {
         CompressBranches(copy, *plan, options);
         return;
      }
      for (TObject *branch : *copy.GetListOfBranches())
         Internal::SetCompression(*static_cast<TBranch *>(branch), kZstd5);
   };
   Internal::CopyFile(in, out, policy, progress);
}

} // namespace RootBaler
