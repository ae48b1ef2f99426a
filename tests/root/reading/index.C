// TTreeIndex: entries found by the value of a branch; also by one that is stored within a bound.
#include "tree.h"
#include <TFile.h>
#include <TTree.h>

void index(std::string path)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   Require(tree->BuildIndex("number", "n") == kEntries, "BuildIndex");
   int number;
   float c4;
   double c5;
   tree->SetBranchAddress("number", &number);
   tree->SetBranchAddress("c4", &c4);
   tree->SetBranchAddress("c5", &c5);
   for (Long64_t k = 0; k < 500; ++k) {
      const Long64_t i = (k * 7919) % kEntries;
      Require(tree->GetEntryWithIndex(int(i * 7), Elements(i)) > 0 && number == i * 7, "GetEntryWithIndex");
      RequireClose(c4, 4, i, "index");
      RequireClose(c5, 5, i, "index");
   }
   Require(tree->GetEntryWithIndex(3, 3) < 0, "what is not in the index is not found");
   Require(tree->BuildIndex("number", "int(c0*100)") == kEntries, "an index with a stored-within-a-bound branch");
   for (Long64_t i = 0; i < kEntries; i += 997) {
      float c0;
      tree->SetBranchAddress("c0", &c0);
      tree->GetEntry(i);
      Require(tree->GetEntryNumberWithIndex(int(i * 7), int(c0 * 100)) == i, "index by the value that is read");
   }
   gSystem->Exit(0);
}
