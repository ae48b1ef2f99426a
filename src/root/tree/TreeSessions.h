// The reading sessions of trees: each ends with its tree.
#ifndef ROOTBALER_TREESESSIONS_H
#define ROOTBALER_TREESESSIONS_H

#include <rootbaler/rootbaler.h>

#include <memory>

class TTree;

namespace RootBaler {
namespace Internal {

/// The session of a tree, begun if it has none yet. Throws Error.
std::shared_ptr<RbSession> SessionOf(TTree &tree);

} // namespace Internal
} // namespace RootBaler

#endif
