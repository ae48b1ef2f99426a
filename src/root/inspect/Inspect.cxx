// What is in a file: trees, branches, baskets, models.
#include "basket/FindTrees.h"
#include "codec/BranchKind.h"
#include "codec/CodecLink.h"
#include "inspect/BasketScan.h"
#include "support/OpenFile.h"
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

BranchDetails DetailsOf(TFile &file, const BranchNames &names, TBranch &branch, const TreeCodec &codec, ErrorTrap &trap)
{
   BranchDetails details;
   details.fBranch = InfoOf(names, branch);
   for (const std::string &name : details.fBranch.fBoundNames)
      AddBound(codec.BoundOf(name), details.fBound);
   if (details.fBound.empty())
      details.fBound = "exact";
   CollectBaskets(file, branch, details.fBaskets, trap);
   for (const ModelInfo &model : codec.Models()) {
      for (const ColumnInfo &column : model.fColumns) {
         const auto &own = details.fBranch.fColumns;
         const bool isOwn = std::any_of(own.begin(), own.end(), [&](const GroupColumn &one) {
            return one.fName == column.fName && one.fType == column.fType && one.fCounter.empty() != model.fIsJagged;
         });
         if (!isOwn)
            continue;
         details.fModel = model.fHash;
         const bool isHelped = std::any_of(details.fBaskets.begin(), details.fBaskets.end(),
                                           [](const BasketInfo &basket) { return !basket.fModel.empty(); });
         if (isHelped && own.size() == 1)
            details.fParents = column.fParents;
      }
   }
   return details;
}

// Each model once.
void AddModels(const std::vector<ModelInfo> &more, std::vector<ModelInfo> &models)
{
   for (const ModelInfo &model : more) {
      const bool isKnown = std::any_of(models.begin(), models.end(),
                                       [&model](const ModelInfo &other) { return other.fHash == model.fHash; });
      if (!isKnown)
         models.push_back(model);
   }
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
      const Internal::BranchNames names(tree);
      TreeDetails treeDetails;
      treeDetails.fPath = name;
      treeDetails.fEntries = static_cast<std::uint64_t>(tree.GetEntries());
      for (TObject *branch : *tree.GetListOfBranches())
         treeDetails.fBranches.push_back(
            Internal::DetailsOf(*file, names, *static_cast<TBranch *>(branch), codec, trap));
      details.fTrees.push_back(std::move(treeDetails));
      Internal::AddModels(codec.Models(), details.fModels);
   }
   Internal::AddModels(Internal::ModelsOf(*file), details.fModels);
   return details;
}

} // namespace RootBaler
