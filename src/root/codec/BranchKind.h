// Which branches get a bound, which can be columns of a group, and how branches are named.
#ifndef ROOTBALER_TOOLS_BRANCHKIND_H
#define ROOTBALER_TOOLS_BRANCHKIND_H

#include "basket/BasketLayout.h"
#include "RootBaler/Tools.h"

#include <TBranch.h>
#include <TTree.h>

#include <optional>
#include <string>

namespace RootBaler {
namespace Internal {

inline bool IsFloating(RbType type)
{
   return type == RB_F32 || type == RB_F64;
}

/// The layout of a top-level branch of class TBranch whose name no other branch of the tree has; nothing for others,
/// which may not change at all.
std::optional<BasketLayout> BoundLayout(TTree &tree, TBranch &branch);

/// Under what name the codec knows a leaf: the branch's, or "branch.leaf" in a leaf list.
std::string BoundName(TBranch &branch, const BasketLayout &layout, const LeafLayout &leaf);

/// The top-level branch with this name, or nullptr.
TBranch *FindTopBranch(TTree &tree, const std::string &name);

/// Name, type and sizes of a top-level branch.
BranchInfo InfoOf(TTree &tree, TBranch &branch);

/// Bytes in the file and before compression, sub-branches of all depths included.
std::uint64_t ZipBytes(TBranch &branch);
std::uint64_t TotBytes(TBranch &branch);

} // namespace Internal
} // namespace RootBaler

#endif
