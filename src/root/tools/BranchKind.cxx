#include "BranchKind.h"

#include "BasketLayout.h"

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

} // namespace

bool IsModelled(TTree &tree, TBranch &branch)
{
   const auto type = ColumnType(branch);
   return (type == RB_F32 || type == RB_F64) && !IsJagged(branch) && branch.GetListOfBranches()->GetEntriesFast() == 0 && HasUniqueName(tree, branch);
}

bool IsDouble(TBranch &branch)
{
   return ColumnType(branch) == RB_F64;
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

BranchInfo Describe(TTree &tree, TBranch &branch)
{
   BranchInfo info;
   info.fName = branch.GetName();
   info.fType = TypeOf(branch);
   info.fIsModelled = IsModelled(tree, branch);
   info.fIsDouble = info.fIsModelled && IsDouble(branch);
   info.fSetting = branch.GetCompressionSettings();
   info.fTotBytes = TotBytes(branch);
   info.fZipBytes = ZipBytes(branch);
   return info;
}

} // namespace Internal
} // namespace RootBaler
