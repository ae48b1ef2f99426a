// A whole file, its planned trees compressed with RootBaler.
#include "basket/BasketLayout.h"
#include "codec/CodecLink.h"
#include "codec/Model.h"
#include "transcode/CopyFile.h"
#include "transcode/CopyTree.h"
#include "transcode/ModelSavings.h"
#include "RootBaler/Setting.h"
#include "RootBaler/Tools.h"

#include <algorithm>
#include <cstdio>

namespace RootBaler {

namespace {

// Branches that are not numbers alone stay as they are, and can be read without RootBaler.
void SetSetting(TBranch &branch, int setting)
{
   if (Internal::LayoutOf(branch))
      branch.SetCompressionSettings(setting);
   for (TObject *sub : *branch.GetListOfBranches())
      SetSetting(*static_cast<TBranch *>(sub), setting);
}

void CompressBranches(TTree &tree, const TreePlan &plan, const CompressOptions &options,
                      const std::set<ULong64_t> &bare)
{
   for (TObject *object : *tree.GetListOfBranches())
      SetSetting(*static_cast<TBranch *>(object), Setting(options.fLevel));
   Internal::AttachCodec(tree, plan, options.fGroup, bare);
}

/// Writes the file, models with the hashes `bare` without networks.
Internal::ModelSavings Write(const std::string &in, const std::string &out, const CompressOptions &options,
                             const std::set<ULong64_t> &bare, const Progress &progress)
{
   Internal::ModelSavings savings;
   Internal::CopyPolicy policy;
   policy.fStage = "compressing";
   policy.fSetting = Setting(options.fLevel);
   policy.fIsForSize = true;
   policy.fPrepareTree = [&](TTree &, TTree &copy, const std::string &path) {
      const auto plan = std::find_if(options.fTrees.begin(), options.fTrees.end(),
                                     [&path](const TreePlan &candidate) { return candidate.fTree == path; });
      Internal::MakeOrdinary(copy);
      if (plan != options.fTrees.end())
         CompressBranches(copy, *plan, options, bare);
   };
   policy.fTreeDone = [&savings](TTree &copy) { savings.Add(copy); };
   Internal::CopyFile(in, out, policy, progress);
   return savings;
}

} // namespace

std::vector<std::string> Compress(const std::string &in, const std::string &out, const CompressOptions &options,
                                  const Progress &progress)
{
   if (options.fLevel < 1 || options.fLevel > 9)
      throw Error(EStatus::kBadArgument, "level " + std::to_string(options.fLevel) + " is not between 1 and 9");
   const std::set<ULong64_t> unpaid = Write(in, out, options, {}, progress).Unpaid();
   std::vector<std::string> names;
   if (unpaid.empty())
      return names;
   if (std::remove(out.c_str()) != 0)
      throw Error(EStatus::kIO, "cannot write '" + out + "' anew");
   Write(in, out, options, unpaid, progress);
   for (const ULong64_t hash : unpaid)
      names.push_back(Internal::HashText(hash));
   return names;
}

} // namespace RootBaler
