// Leaves whose values are looked at as a column.
#ifndef ROOTBALER_TOOLS_COLUMNLEAF_H
#define ROOTBALER_TOOLS_COLUMNLEAF_H

#include "basket/BasketLayout.h"
#include "codec/BranchKind.h"

#include <TBranch.h>

#include <cstddef>
#include <string>

namespace RootBaler {
namespace Internal {

/// A leaf, and where its values are in the rows of its branch.
struct ColumnLeaf {
   TBranch *fBranch = nullptr;
   BasketLayout fLayout;
   std::size_t fOffset = 0; ///< of the leaf in a row
   std::size_t fSize = 0;   ///< bytes of the leaf in a row
   RbType fType = RB_F32;
};

/// The leaf that the codec knows by this name. Throws Error (missing) if the tree has none.
ColumnLeaf FindLeaf(const BranchNames &names, const std::string &name);

} // namespace Internal
} // namespace RootBaler

#endif
