// Whether compressing a small tree pays: its codec may take more bytes than it saves.
#ifndef ROOTBALER_SMALLTREES_H
#define ROOTBALER_SMALLTREES_H

#include "support/ErrorTrap.h"
#include "transcode/CopyTree.h"

namespace RootBaler {
namespace Internal {

/// The policy under which the copy of a tree takes fewer bytes: `policy`, or the same without compression. Larger trees
/// are not tried.
CopyPolicy SmallerPolicy(const TreeToCopy &tree, const CopyPolicy &policy, ErrorTrap &trap);

} // namespace Internal
} // namespace RootBaler

#endif
