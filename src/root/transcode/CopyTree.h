// One tree from file to file, basket by basket: what is compressed anew is joined to a basket for each cluster, all
// else keeps its bytes.
#ifndef ROOTBALER_COPYTREE_H
#define ROOTBALER_COPYTREE_H

#include "support/ErrorTrap.h"
#include "transcode/CopyPolicy.h"
#include "transcode/TreeTables.h"

#include <TDirectory.h>
#include <TKey.h>
#include <TTree.h>

#include <functional>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// What is to be copied.
struct TreeToCopy {
   TTree *fTree;
   TKey *fKey; ///< of which it was read
   std::string fPath;
   std::vector<Long64_t> fBorders; ///< entries at which a basket of each branch is to begin, ascending
};

/// Copies a tree into `to`. `tables` knows the trees that were copied before. `done` is told how many entries were
/// copied. Throws Error.
void CopyTree(const TreeToCopy &tree, TDirectory &to, const CopyPolicy &policy, TreeTables &tables,
              const std::function<void(Long64_t)> &done, ErrorTrap &trap);

/// Branches of a copy that were ours get ROOT's zstd, all others keep their setting.
void MakeOrdinary(TTree &tree);

} // namespace Internal
} // namespace RootBaler

#endif
