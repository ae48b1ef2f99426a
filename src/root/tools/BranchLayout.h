// How the baskets of a branch with leaves of basic types are laid out.
#ifndef ROOTBALER_TOOLS_BRANCHLAYOUT_H
#define ROOTBALER_TOOLS_BRANCHLAYOUT_H

#include "rootbaler/rootbaler.h"

#include <TBranch.h>
#include <TLeaf.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// One leaf in a row.
struct LeafLayout {
   RbType fType;
   std::size_t fWidth;  ///< bytes of a value
   std::size_t fOffset; ///< in the row
   std::size_t fCount;  ///< values in a row
};

/// Rows of values. A branch without counter has one row in each entry, one with a counter as many as that says.
struct BranchLayout {
   std::vector<LeafLayout> fLeaves;
   std::size_t fRowBytes = 0;
   std::string fCounter; ///< name of the counter's branch, empty if there is none

   bool IsJagged() const { return !fCounter.empty(); }
   bool HasFloats() const;
   /// One value in a row: what a column of a model is.
   bool IsColumn() const { return fLeaves.size() == 1 && fLeaves[0].fCount == 1; }
};

inline bool IsFloating(RbType type)
{
   return type == RB_F32 || type == RB_F64;
}

/// "Float_t", "Int_t", ...
const char *TypeName(RbType type);

/// The layout of a branch of leaves of basic types; nothing for strings, Float16_t, Double32_t, and objects of all kinds.
std::optional<BranchLayout> LayoutOf(TBranch &branch);

} // namespace Internal
} // namespace RootBaler

#endif
