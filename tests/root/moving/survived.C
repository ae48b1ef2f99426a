// Reads what is there of a file of filled.h, whose writer may have died: at least the entries that were saved, and each
// as it was.
#include "../filled.h"
#include <TFile.h>

void survived(std::string path, Long64_t atLeast)
{
   TFile file(path.c_str());
   Require(!file.IsZombie(), "the file opens");
   auto *tree = file.Get<TTree>("t");
   Require(tree && tree->GetEntries() >= atLeast, "what was saved is there");
   Filled filled(*tree);
   for (Long64_t i = 0; i < tree->GetEntries(); ++i)
      filled.Check(i, path);
   std::printf("survived.C: %lld entries\n", tree->GetEntries());
   gSystem->Exit(0);
}
