// How many entries of a tree are compressed together.
#ifndef ROOTBALER_CLUSTERS_H
#define ROOTBALER_CLUSTERS_H

#include <Rtypes.h>

#include <cstdint>

class TTree;

namespace RootBaler {
namespace Internal {

/// Entries per cluster such that a basket holds 50 000 to 100 000 entries, or no more than ROOT compresses at
/// once, and writing and reading a cluster takes a few hundred megabytes, however long the tree is. `contextBytes` are
/// those that readers of the whole tree keep of branches that help others.
Long64_t ClusterEntries(TTree &tree, std::uint64_t contextBytes);

} // namespace Internal
} // namespace RootBaler

#endif
