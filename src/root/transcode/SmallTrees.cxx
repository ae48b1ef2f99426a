#include "transcode/SmallTrees.h"

#include <TMemFile.h>

namespace RootBaler {
namespace Internal {

namespace {

// A codec takes some hundred bytes, so a tree of this size saves them many times over if it saves anything.
constexpr Long64_t kMostTried = 128 * 1024;

Long64_t BytesOf(const TreeToCopy &tree, const CopyPolicy &policy, ErrorTrap &trap)
{
   TMemFile file("rootbaler_trial.root", "RECREATE", "", policy.fSetting);
   const Long64_t empty = file.GetEND();
   TreeTables tables;
   CopyPolicy trial = policy;
   trial.fTreeDone = nullptr;
   CopyTree(tree, file, trial, tables, [](Long64_t) {}, trap);
   return file.GetEND() - empty;
}

} // namespace

CopyPolicy SmallerPolicy(const TreeToCopy &tree, const CopyPolicy &policy, ErrorTrap &trap)
{
   if (!policy.fIsForSize || tree.fTree->GetZipBytes() + tree.fKey->GetNbytes() > kMostTried)
      return policy;
   CopyPolicy ordinary = policy;
   ordinary.fPrepareTree = [](TTree &, TTree &copy, const std::string &) { MakeOrdinary(copy); };
   const bool isSmaller = BytesOf(tree, ordinary, trap) < BytesOf(tree, policy, trap);
   return isSmaller ? ordinary : policy;
}

} // namespace Internal
} // namespace RootBaler
