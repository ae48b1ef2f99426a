// Reads with ROOT's parallel unzip, whose threads do not know which basket they unzip. how: "threads" or "theft"
// (thief.h).
#include "data.h"
#include "thief.h"
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>
#include <TTreeCacheUnzip.h>

void unzip(std::string path, std::string how)
{
   if (how == "threads")
      ROOT::EnableImplicitMT(2);
   TTreeCacheUnzip::SetParallelUnzip(TTreeCacheUnzip::kEnable);
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   tree->SetParallelUnzip(true);
   Thief *thief = how == "theft" ? new Thief(tree, 1000000) : nullptr;
   if (thief)
      file.SetCacheRead(thief, tree);
   else
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
   Require(!thief || thief->fStolen > 0, "nothing was unzipped for others");
   gSystem->Exit(0);
}
