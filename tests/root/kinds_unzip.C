// Reads jagged branches with ROOT's parallel unzip, whose threads do not know which basket they unzip, so not whose
// counter to ask. how: "threads" or "theft" (thief.h).
#include "kinds.h"
#include "thief.h"
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>
#include <TTreeCacheUnzip.h>

void kinds_unzip(std::string path, std::string how)
{
   if (how == "threads")
      ROOT::EnableImplicitMT(2);
   TTreeCacheUnzip::SetParallelUnzip(TTreeCacheUnzip::kEnable);
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("k");
   tree->SetParallelUnzip(true);
   Thief *thief = how == "theft" ? new Thief(tree, 1000000) : nullptr;
   if (thief)
      file.SetCacheRead(thief, tree);
   else
      tree->SetCacheSize(1000000);
   tree->SetBranchStatus("*", false);
   int n;
   float eta[kMaxJets];
   double mass[kMaxJets];
   for (const char *name : {"nJet", "Jet_eta", "Jet_mass"}) {
      tree->SetBranchStatus(name, true);
      tree->AddBranchToCache(name, true);
   }
   tree->SetBranchAddress("nJet", &n);
   tree->SetBranchAddress("Jet_eta", eta);
   tree->SetBranchAddress("Jet_mass", mass);
   for (Long64_t e = 0; e < kKindEntries; ++e) {
      Require(tree->GetEntry(e) > 0 && n == JetCount(e), "GetEntry with parallel unzip");
      for (int k = 0; k < n; ++k)
         Require(std::abs(eta[k] - JetValue(2, e, k)) <= kBound && std::abs(mass[k] - JetValue(3, e, k)) <= kBound,
                 "parallel unzip: entry " + std::to_string(e));
   }
   Require(!thief || thief->fStolen > 0, "nothing was unzipped for others");
   gSystem->Exit(0);
}
