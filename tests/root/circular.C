// A circular tree and a setting of ours: stored without loss, and said.
#include "data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TTree.h>

void circular(std::string path)
{
   {
      TFile file(path.c_str(), "RECREATE", "", RootBaler::Setting(5));
      auto *tree = new TTree("t", "test");
      RootBaler::Codec codec;
      codec.SetBound("x", "abs=10");
      codec.Attach(tree);
      float x;
      tree->Branch("x", &x, "x/F");
      tree->SetCircular(1000);
      for (Long64_t i = 0; i < 5000; ++i) {
         x = Value(0, i);
         tree->Fill();
      }
      tree->Write();
   }
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   float x;
   tree->SetBranchAddress("x", &x);
   const Long64_t entries = tree->GetEntries();
   Require(entries > 0 && entries <= 1000, "the tree is circular");
   for (Long64_t i = 0; i < entries; ++i) {
      tree->GetEntry(i);
      Require(x == float(Value(0, 5000 - entries + i)), "circular tree is exact");
   }
   gSystem->Exit(0);
}
