// Reads with ROOT's parallel unzip, whose threads do not know which basket they unzip.
#include "data.h"
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>
#include <TTreeCacheUnzip.h>

void unzip(std::string path)
{
   ROOT::EnableImplicitMT(2);
   TTreeCacheUnzip::SetParallelUnzip(TTreeCacheUnzip::kEnable);
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   tree->SetParallelUnzip(true);
   tree->SetCacheSize(1000000);
   tree->AddBranchToCache("*", true);
   float c3;
   double c5;
   tree->SetBranchAddress("c3", &c3);
   tree->SetBranchAddress("c5", &c5);
   for (Long64_t i = 0; i < kEntries; ++i) {
      Require(tree->GetEntry(i) > 0, "GetEntry with parallel unzip");
      RequireClose(c3, 3, i, "parallel unzip");
      RequireClose(c5, 5, i, "parallel unzip");
   }
   gSystem->Exit(0);
}
