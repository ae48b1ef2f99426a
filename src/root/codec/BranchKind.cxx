#include "codec/BranchKind.h"

#include "basket/BasketCheck.h"

#include <TLeaf.h>
#include <TObjArray.h>

#include <cstring>

namespace RootBaler {
namespace Internal {

namespace {

std::string TypeOf(TBranch &branch)
{
   if (branch.IsA() != TBranch::Class())
      return branch.GetClassName();
   std::string text;
   for (TObject *obj : *branch.GetListOfLeaves()) {
      auto *leaf = static_cast<TLeaf *>(obj);
      if (!text.empty())
         text += ",";
      text += leaf->GetTypeName();
      if (leaf->GetLeafCount())
         text += std::string("[") + leaf->GetLeafCount()->GetName() + "]";
      if (leaf->GetLenStatic() > 1)
         text += "[" + std::to_string(leaf->GetLenStatic()) + "]";
   }
   return text;
}

bool HasUniqueName(TTree &tree, TBranch &branch)
{
   for (TObject *other : *tree.GetListOfBranches())
      if (other != &branch && std::strcmp(other->GetName(), branch.GetName()) == 0)
         return false;
   return true;
}

// The basket's bytes that are values; entry offsets take four bytes for each entry.
std::uint64_t RowsOf(TBranch &branch, const BasketLayout &layout)
{
   const auto entries = static_cast<std::uint64_t>(branch.GetEntries());
   if (!layout.fIsVariable)
      return entries;
   const auto bytes = static_cast<std::uint64_t>(branch.GetTotBytes());
   const std::uint64_t offsets = branch.GetIOFeatures().Test(ROOT::Experimental::EIOFeatures::kGenerateOffsetMap)
                                    ? 0
                                    : entries * sizeof(Int_t);
   return bytes > offsets ? (bytes - offsets) / layout.RowSize() : 0;
}

} // namespace

std::optional<BasketLayout> BoundLayout(TTree &tree, TBranch &branch)
{
   if (branch.IsA() != TBranch::Class() || branch.GetListOfBranches()->GetEntriesFast() != 0 ||
       !HasUniqueName(tree, branch) || !IsWhole(branch))
      return {};
   auto layout = LayoutOf(branch);
   return layout && !layout->fIsPacked ? layout : std::nullopt;
}

std::string BoundName(TBranch &branch, const BasketLayout &layout, const LeafLayout &leaf)
{
   return layout.fLeaves.size() > 1 ? std::string(branch.GetName()) + "." + leaf.fName : branch.GetName();
}

TBranch *FindTopBranch(TTree &tree, const std::string &name)
{
   return static_cast<TBranch *>(tree.GetListOfBranches()->FindObject(name.c_str()));
}

std::uint64_t ZipBytes(TBranch &branch)
{
   std::uint64_t bytes = static_cast<std::uint64_t>(branch.GetZipBytes());
   for (TObject *sub : *branch.GetListOfBranches())
      bytes += ZipBytes(*static_cast<TBranch *>(sub));
   return bytes;
}

std::uint64_t TotBytes(TBranch &branch)
{
   std::uint64_t bytes = static_cast<std::uint64_t>(branch.GetTotBytes());
   for (TObject *sub : *branch.GetListOfBranches())
      bytes += TotBytes(*static_cast<TBranch *>(sub));
   return bytes;
}

BranchInfo InfoOf(TTree &tree, TBranch &branch)
{
   BranchInfo info;
   info.fName = branch.GetName();
   info.fType = TypeOf(branch);
   info.fRows = static_cast<std::uint64_t>(branch.GetEntries());
   if (const auto layout = BoundLayout(tree, branch)) {
      info.fRows = RowsOf(branch, *layout);
      const auto type = ColumnType(branch);
      TBranch *counter = CounterOf(branch);
      if (type && IsJagged(branch) == (counter != nullptr)) {
         info.fColumn = NameOf(*type);
         info.fCounter = counter ? counter->GetName() : "";
      }
      for (const LeafLayout &leaf : layout->fLeaves)
         if (IsFloating(leaf.fType))
            info.fBoundNames.push_back(BoundName(branch, *layout, leaf));
   }
   info.fSetting = branch.GetCompressionSettings();
   info.fTotBytes = TotBytes(branch);
   info.fZipBytes = ZipBytes(branch);
   return info;
}

} // namespace Internal
} // namespace RootBaler
