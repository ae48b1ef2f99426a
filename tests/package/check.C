// Reads what the program wrote, in a process that knows nothing of RootBaler.
#include "hits.h"
#include <TFile.h>
#include <TSystem.h>
#include <TTree.h>

void check(const char *path, Long64_t atMost)
{
   auto fail = [&](const char *text, Long64_t entry) {
      Error("check", "%s: %s (entry %lld)", path, text, entry);
      gSystem->Exit(1);
   };
   TFile file(path);
   auto *tree = file.Get<TTree>("hits");
   if (!tree || tree->GetEntries() != kHits)
      return fail("the tree is not complete", tree ? tree->GetEntries() : -1);
   Hit read;
   tree->SetBranchAddress("channel", &read.fChannel);
   tree->SetBranchAddress("time", &read.fTime);
   tree->SetBranchAddress("energy", &read.fEnergy);
   int moved = 0;
   for (int i = 0; i < kHits; ++i) {
      const Hit hit = MakeHit(i);
      if (tree->GetEntry(i) <= 0)
         return fail("cannot be read", i);
      if (read.fChannel != hit.fChannel || !(std::abs(read.fTime - hit.fTime) <= kBound) ||
          !(std::abs(read.fEnergy - hit.fEnergy) <= kBound))
         return fail("a value is outside of its bound", i);
      moved += read.fEnergy != hit.fEnergy;
   }
   if (moved == 0 || tree->GetZipBytes() > atMost)
      return fail("it was not compressed by RootBaler", tree->GetZipBytes());
   gSystem->Exit(0);
}
