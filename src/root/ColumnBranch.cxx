#include "ColumnBranch.h"

#include <TBranch.h>
#include <TFile.h>
#include <TLeafD.h>
#include <TLeafF.h>
#include <TTree.h>

#include <cstring>

namespace RootBaler {
namespace Internal {

namespace {

TBranch *FindIn(TObjArray &branches, const char *name)
{
   for (Int_t i = 0; i <= branches.GetLast(); ++i) {
      auto *branch = static_cast<TBranch *>(branches.UncheckedAt(i));
      if (!branch)
         continue;
      if (std::strcmp(branch->GetName(), name) == 0 && ColumnType(*branch))
         return branch;
      if (TBranch *found = FindIn(*branch->GetListOfBranches(), name))
         return found;
   }
   return nullptr;
}

} // namespace

std::optional<RbType> ColumnType(TBranch &branch)
{
   // Subclasses (TBranchElement and others) have leaves and baskets of other kinds.
   if (branch.IsA() != TBranch::Class() || branch.GetEntryOffsetLen() != 0)
      return {};
   TObjArray &leaves = *branch.GetListOfLeaves();
   if (leaves.GetEntriesFast() != 1)
      return {};
   auto *leaf = static_cast<TLeaf *>(leaves.UncheckedAt(0));
   if (!leaf || leaf->GetLeafCount() || leaf->GetLenStatic() != 1)
      return {};
   if (leaf->IsA() == TLeafF::Class())
      return RB_F32;
   if (leaf->IsA() == TLeafD::Class())
      return RB_F64;
   return {};
}

TBranch *FindColumnBranch(TTree &tree, const std::string &name)
{
   // Not TTree::GetBranch: it looks into friends and takes a lock bit that is not for several threads.
   return FindIn(*tree.GetListOfBranches(), name.c_str());
}

std::string Describe(TBranch &branch, TFile *file)
{
   TTree *tree = branch.GetTree();
   return std::string("file ") + (file ? file->GetName() : "(none)") + ", tree " + (tree ? tree->GetName() : "(none)") +
          ", branch " + branch.GetName();
}

} // namespace Internal
} // namespace RootBaler
