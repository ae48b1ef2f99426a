// Copying a whole ROOT file with its trees rewritten entry by entry, to compress, decompress and repack it.
#ifndef ROOTBALER_TOOLS_COPYFILE_H
#define ROOTBALER_TOOLS_COPYFILE_H

#include "support/ErrorTrap.h"
#include "RootBaler/Tools.h"

#include <TFile.h>
#include <TKey.h>
#include <TTree.h>

#include <functional>
#include <string>

namespace RootBaler {
namespace Internal {

/// What is special about a copy.
struct CopyPolicy {
   std::string fStage; ///< for the progress report
   /// Whether a top-level branch is copied; all are if there is no function.
   std::function<bool(const std::string &tree, TBranch &branch)> fIsKept;
   /// Called for every tree when its (still empty) copy is there: settings, clusters, codec.
   std::function<void(TTree &in, TTree &out, const std::string &path)> fPrepareTree;
   /// Called for every copy when all its baskets are written.
   std::function<void(TTree &out)> fTreeDone;
   /// Called for the output when all is copied but the file is still open.
   std::function<void(TFile &out)> fFinish;
};

/// Copies everything in `in` to the new file `out`; throws on the first thing that cannot be copied.
void CopyFile(const std::string &in, const std::string &out, const CopyPolicy &policy, const Progress &progress);

/// Gives a branch and all below it a compression setting.
void SetCompression(TBranch &branch, int setting);

/// Entries per cluster such that a basket holds 50 000 to 100 000 entries, or no more than ROOT compresses at
/// once, and writing and reading a cluster takes a few hundred megabytes, however long the tree is. `contextBytes` are
/// those that readers of the whole tree keep of branches that help others.
Long64_t ClusterEntries(TTree &tree, std::uint64_t contextBytes = 0);

} // namespace Internal
} // namespace RootBaler

#endif
