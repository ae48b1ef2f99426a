// Which entries mean the same wherever they are in a basket.
#ifndef ROOTBALER_SELFCONTAINED_H
#define ROOTBALER_SELFCONTAINED_H

class TBranch;

namespace RootBaler {
namespace Internal {

/// True if no entry of `branch` points to another place of its basket, as pointers to objects do: ROOT stores the name
/// of a class, and an object that several point to, once for each basket. False where that cannot be told.
bool IsSelfContained(TBranch &branch);

} // namespace Internal
} // namespace RootBaler

#endif
