// Every value of c0 .. c5 is within its bound of what was written, in a file of one or more parts.
#include "data.h"
#include <TFile.h>
#include <TTree.h>

void within(std::string path, Long64_t entries = kEntries, std::string name = "t")
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>(name.c_str());
   Require(tree && tree->GetEntries() == entries, "the tree has its entries");
   tree->SetEstimate(entries);
   for (int c = kColumns - 1; c >= 0; --c) {
      Require(tree->Draw(Name(c).c_str(), "", "goff") == entries, "Draw reads all entries");
      for (Long64_t i = 0; i < entries; ++i)
         RequireClose(tree->GetV1()[i], c, i % kEntries, path);
   }
   gSystem->Exit(0);
}
