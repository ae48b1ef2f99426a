// What is in a file: trees, branches, baskets, models.
#include "BasketScan.h"
#include "BranchKind.h"
#include "CodecLink.h"
#include "OpenFile.h"
#include "RootBaler/Tools.h"

#include <algorithm>

namespace RootBaler {
namespace Internal {

namespace {

void CollectBaskets(TFile &file, TBranch &branch, std::vector<BasketInfo> &baskets, ErrorTrap &trap)
{
   const auto own = ScanBaskets(file, branch, trap);
   baskets.insert(baskets.end(), own.begin(), own.end());
   for (TObject *sub : *branch.GetListOfBranches())
      CollectBaskets(file, *static_cast<TBranch *>(sub), baskets, trap);
}

BranchDetails DetailsOf(TFile &file, TTree &tree, TBranch &branch, const TreeCodec &codec, ErrorTrap &trap)
{
   BranchDetails details;
   details.fBranch = Describe(tree, branch);
   for (const std::string &name : details.fBranch.fBoundNames) {
      const std::string bound = codec.BoundOf(name);
      if (details.fBound.find(bound) == std::string::npos)
         details.fBound += (details.fBound.empty() ? "" : ", ") + bound;
   }
   if (details.fBound.empty())
      details.fBound = "exact";
   CollectBaskets(file, branch, details.fBaskets, trap);
   for (const ModelInfo &model : codec.Models()) {
      for (const ModelColumn &column : model.fColumns) {
         const bool isJagged = !details.fBranch.fCounter.empty();
         if (column.fName != details.fBranch.fName || column.fType != details.fBranch.fColumn ||
             model.fIsJagged != isJagged)
            continue;
         details.fModel = model.fHash;
         if (codec.IsGroup())
            details.fParents = column.fParents;
      }
   }
   return details;
}

} // namespace

} // namespace Internal

FileDetails Inspect(const std::string &path)
{
   Internal::ErrorTrap trap;
   const auto file = Internal::OpenForReading(path, trap);
   FileDetails details;
   details.fBytes = static_cast<std::uint64_t>(file->GetSize());
   for (const std::string &name : Internal::TreePaths(*file, trap)) {
      TTree &tree = Internal::GetTree(*file, name, trap);
      const Internal::TreeCodec codec(tree);
      TreeDetails treeDetails;
      treeDetails.fPath = name;
      treeDetails.fEntries = static_cast<std::uint64_t>(tree.GetEntries());
      for (TObject *branch : *tree.GetListOfBranches())
         treeDetails.fBranches.push_back(
            Internal::DetailsOf(*file, tree, *static_cast<TBranch *>(branch), codec, trap));
      details.fTrees.push_back(std::move(treeDetails));
      for (const ModelInfo &model : codec.Models()) {
         const bool known = std::any_of(details.fModels.begin(), details.fModels.end(),
                                        [&model](const ModelInfo &other) { return other.fHash == model.fHash; });
         if (!known)
            details.fModels.push_back(model);
      }
   }
   return details;
}

} // namespace RootBaler
