// A circular tree and a setting of ours: stored without loss whatever its codec is, and said.
#include "filled.h"
#include <TFile.h>

void circular(std::string path, std::string models, std::string mode)
{
   {
      TFile file(path.c_str(), "RECREATE");
      auto *tree = new TTree("t", "test");
      Filled filled(*tree, models, mode, [](int) { return 2000; });
      tree->SetCircular(1000);
      for (Long64_t i = 0; i < 5000; ++i)
         filled.Fill(i);
      tree->Write();
   }
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   float c4, pt[kMaxJets];
   int n;
   tree->SetBranchAddress("c4", &c4);
   tree->SetBranchAddress("nJet", &n);
   tree->SetBranchAddress("Jet_pt", pt);
   const Long64_t entries = tree->GetEntries();
   Require(entries > 0 && entries <= 1000, "the tree is circular");
   for (Long64_t i = 0; i < entries; ++i) {
      const Long64_t written = 5000 - entries + i;
      Require(tree->GetEntry(i) > 0 && c4 == float(Value(4, written)) && n == JetCount(written),
              "a circular tree is exact");
      for (int k = 0; k < n; ++k)
         Require(pt[k] == float(JetValue(1, written, k)), "a circular tree is exact");
   }
   gSystem->Exit(0);
}
