// What is special about a copy of a file: compressing, decompressing and repacking are the same but for this.
#ifndef ROOTBALER_COPYPOLICY_H
#define ROOTBALER_COPYPOLICY_H

#include <TBranch.h>
#include <TTree.h>

#include <functional>
#include <string>

namespace RootBaler {
namespace Internal {

/// ROOT's zstd: what branches that were ours are compressed with where they become ordinary.
constexpr int kOrdinarySetting = 505;

struct CopyPolicy {
   std::string fStage; ///< for the progress report
   /// The setting of the file, in its header: for what is written to it later. 0: as it was.
   int fSetting = 0;
   /// Whether a top-level branch is copied; all are if there is no function.
   std::function<bool(const std::string &tree, TBranch &branch)> fIsKept;
   /// Called for every tree when its copy is there, still without baskets. Branches to which it gives our setting are
   /// compressed anew, with the codec that it attaches; those that were ours and get another one become ordinary.
   std::function<void(TTree &in, TTree &out, const std::string &path)> fPrepareTree;
   /// Trees that are smaller as they are than with what fPrepareTree does (a codec takes some bytes) stay ordinary.
   bool fIsForSize = false;
   /// Called for every copy when all its baskets are written.
   std::function<void(TTree &out)> fTreeDone;
};

} // namespace Internal
} // namespace RootBaler

#endif
