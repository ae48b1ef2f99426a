#include "basket/LockedReads.h"

#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>
#include <TTreeCache.h>
#include <TVirtualMutex.h>

namespace RootBaler {
namespace Internal {

namespace {

// What ROOT takes for the cache of a tree, and asks first.
class LockedReads : public TTreeCache {
public:
   explicit LockedReads(TTree &tree) : TTreeCache(&tree, 0) {}

   Bool_t IsLearning() const override { return false; }

   Int_t ReadBuffer(char *buffer, Long64_t pos, Int_t length) override
   {
      R__LOCKGUARD(gROOTMutex); // as ReadRecord()
      if (!IsEnabled())
         return 0; // asked by the file itself, below
      Disable();
      const bool isRead = !fFile->ReadBuffer(buffer, pos, length);
      Enable();
      return isRead ? 1 : -1;
   }
};

} // namespace

void ReadWithoutCache(TTree &tree)
{
   TFile *file = tree.GetCurrentFile();
   if (file && dynamic_cast<LockedReads *>(tree.GetReadCache(file)))
      return;
   tree.SetCacheSize(0);
   if (file)
      new LockedReads(tree); // the tree owns it
}

} // namespace Internal
} // namespace RootBaler
