// Reads back a tree that is being written: some baskets are on file, those of other branches still in memory.
#include "data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TTree.h>

void memory(std::string path, std::string model)
{
   TFile file(path.c_str(), "RECREATE");
   auto *tree = new TTree("t", "test");
   RootBaler::Codec::FromModelFile(model).Attach(tree);
   float f[kColumns];
   double d[kColumns];
   for (int c = 0; c < kColumns; ++c) {
      TBranch *branch = IsDouble(c) ? tree->Branch(Name(c).c_str(), &d[c], (Name(c) + "/D").c_str())
                                    : tree->Branch(Name(c).c_str(), &f[c], (Name(c) + "/F").c_str());
      branch->SetCompressionSettings(RootBaler::Setting(9));
      branch->SetBasketSize(c == 4 ? 2000 : 200000); // only c4 goes to file early
   }
   auto check = [&](Long64_t entries) {
      float c4;
      tree->SetBranchAddress("c4", &c4);
      for (Long64_t i = 0; i < entries; i += 3) {
         Require(tree->GetBranch("c4")->GetEntry(i) == 4, "an entry is read back while the tree is written");
         RequireClose(c4, 4, i, "read back");
      }
      tree->SetBranchAddress("c4", &f[4]);
   };
   for (Long64_t i = 0; i < 4000; ++i) {
      for (int c = 0; c < kColumns; ++c)
         f[c] = d[c] = Value(c, i);
      tree->Fill();
      if (i % 1000 == 999)
         check(i);
   }
   Require(tree->GetBranch("c4")->GetBasketSeek(0) > 0 && tree->GetBranch("c0")->GetBasketSeek(0) == 0,
           "c4 is on file and c0 is not");
   // Filled anew after Reset(): nothing may be remembered from before.
   tree->Reset();
   for (Long64_t i = 0; i < 3000; ++i) {
      for (int c = 0; c < kColumns; ++c)
         f[c] = d[c] = Value(c, i);
      tree->Fill();
   }
   check(3000);
   tree->Write();
   check(3000);
   gSystem->Exit(0);
}
