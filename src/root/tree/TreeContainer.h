// What the core's session asks of a TTree: branches are its columns, baskets their pieces.
#ifndef ROOTBALER_TREECONTAINER_H
#define ROOTBALER_TREECONTAINER_H

#include <rootbaler/rootbaler.h>

#include <cstdint>

class TBranch;
class TTree;

namespace RootBaler {
namespace Internal {

/// The callbacks for a tree, which must live as long as the session.
RbContainer ContainerOf(TTree &tree);

/// A branch as the session knows it.
inline std::uint64_t ColumnOf(const TBranch &branch)
{
   return reinterpret_cast<std::uintptr_t>(&branch);
}

} // namespace Internal
} // namespace RootBaler

#endif
