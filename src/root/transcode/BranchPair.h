// A branch of a tree that is being copied, beside its copy.
#ifndef ROOTBALER_BRANCHPAIR_H
#define ROOTBALER_BRANCHPAIR_H

#include <TBranch.h>

#include <vector>

namespace RootBaler {
namespace Internal {

struct BranchPair {
   TBranch *fFrom;
   TBranch *fTo;
};

/// Adds a branch and all below it to `pairs`, in the order of the tree. `to` was read from the same bytes.
void CollectPairs(TBranch &from, TBranch &to, std::vector<BranchPair> &pairs);

/// Takes all baskets from the tables of a branch.
void Empty(TBranch &branch);

} // namespace Internal
} // namespace RootBaler

#endif
