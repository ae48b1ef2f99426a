// Which branches RootBaler gives a bound to, and how others are named.
#ifndef ROOTBALER_TOOLS_BRANCHKIND_H
#define ROOTBALER_TOOLS_BRANCHKIND_H

#include "RootBaler/Tools.h"

#include <TBranch.h>
#include <TTree.h>

namespace RootBaler {
namespace Internal {

/// A top-level branch with one scalar Float_t or Double_t leaf and a name that no other branch of the tree has.
bool IsModelled(TTree &tree, TBranch &branch);
bool IsDouble(TBranch &branch);

/// Name, type and sizes of a top-level branch.
BranchInfo Describe(TTree &tree, TBranch &branch);

/// Bytes in the file and before compression, sub-branches of all depths included.
std::uint64_t ZipBytes(TBranch &branch);
std::uint64_t TotBytes(TBranch &branch);

} // namespace Internal
} // namespace RootBaler

#endif
