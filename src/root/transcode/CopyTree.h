// One tree from file to file, basket by basket: what is compressed anew is joined to a basket for each cluster, all else
// keeps its bytes.
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

namespace RootBaler {
namespace Internal {

/// Copies `source`, which was read from `key`, into `to`. `tables` knows the trees that were copied before. `done` is told how many entries were copied. Throws Error.
void CopyTree(TTree &source, TKey &key, const std::string &path, TDirectory &to, const CopyPolicy &policy,
              TreeTables &tables, const std::function<void(Long64_t)> &done, ErrorTrap &trap);

/// Branches that were ours get ROOT's zstd, all others keep their setting.
void MakeOrdinary(TBranch &branch);

} // namespace Internal
} // namespace RootBaler

#endif
