// The branches whose baskets are columns of float or double values, one per entry.
#ifndef ROOTBALER_COLUMNBRANCH_H
#define ROOTBALER_COLUMNBRANCH_H

#include <rootbaler/rootbaler.h>

#include <Rtypes.h>

#include <cstddef>
#include <optional>
#include <string>

class TBranch;
class TFile;
class TTree;

namespace RootBaler {
namespace Internal {

/// The type of the values of a scalar Float_t or Double_t branch; nothing for every other kind of branch.
std::optional<RbType> ColumnType(TBranch &branch);
inline std::size_t WidthOf(RbType type)
{
   return type == RB_F64 ? 8 : 4;
}
/// The column branch with this name in `tree` itself (not in its friends), or nullptr.
TBranch *FindColumnBranch(TTree &tree, const std::string &name);
/// "file F, tree T, branch B", for messages.
std::string Describe(TBranch &branch, TFile *file);

} // namespace Internal
} // namespace RootBaler

#endif
