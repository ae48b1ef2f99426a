// Reads what is left of a file whose writer died: at least the entries that were saved, and each as it was.
#include "../data.h"
#include <TFile.h>
#include <TTree.h>

void survived(std::string path, Long64_t atLeast)
{
   TFile file(path.c_str());
   Require(!file.IsZombie(), "the file opens");
   auto *tree = file.Get<TTree>("t");
   Require(tree && tree->GetEntries() >= atLeast, "what was saved is there");
   for (int c = kColumns - 1; c >= 0; --c) {
      float f;
      double d;
      TBranch *branch = tree->GetBranch(Name(c).c_str());
      IsDouble(c) ? branch->SetAddress(&d) : branch->SetAddress(&f);
      for (Long64_t i = 0; i < tree->GetEntries(); ++i) {
         Require(branch->GetEntry(i) > 0, "entry " + std::to_string(i) + " of " + Name(c) + " can be read");
         RequireClose(IsDouble(c) ? d : f, c, i, "after a crash");
      }
      branch->ResetAddress();
   }
   std::printf("survived.C: %lld entries\n", tree->GetEntries());
   gSystem->Exit(0);
}
