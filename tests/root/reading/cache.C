// TTreeCache off, tiny, large, filled at once, and learning in the middle of the tree.
#include "tree.h"
#include <TFile.h>
#include <TTree.h>
#include <TTreeCache.h>

void ReadAll(const std::string &path, Long64_t cacheSize, bool addAll, Long64_t first)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   tree->SetCacheSize(cacheSize);
   if (addAll)
      tree->AddBranchToCache("*", true);
   float c0, c4;
   double c5;
   tree->SetBranchStatus("*", false);
   for (auto *name : {"c0", "c4", "c5"})
      tree->SetBranchStatus(name, true);
   tree->SetBranchAddress("c0", &c0);
   tree->SetBranchAddress("c4", &c4);
   tree->SetBranchAddress("c5", &c5);
   const std::string how = "cache of " + std::to_string(cacheSize) + " bytes";
   for (Long64_t k = 0; k < kEntries; ++k) {
      const Long64_t i = (first + k) % kEntries;
      Require(tree->GetEntry(i) == 16, "GetEntry with a " + how);
      RequireClose(c0, 0, i, how);
      RequireClose(c4, 4, i, how);
      RequireClose(c5, 5, i, how);
   }
   Require(!tree->GetReadCache(&file) == (cacheSize == 0), "there is a " + how);
}

void cache(std::string path)
{
   for (Long64_t size : {0, 20000, 30000000})
      for (bool addAll : {false, true})
         ReadAll(path, size, addAll && size > 0, 0);
   ReadAll(path, 30000000, false, 17777);
   gSystem->Exit(0);
}
