// Baskets of more than 16 MB, which ROOT compresses in pieces; a parent in such baskets, and a child in small ones.
#include "../data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TTree.h>

constexpr Long64_t kMany = 4500000; // 18 MB of floats
double Big(int column, Long64_t i) { return Value(column, i % 1000) + (i / 1000) * 1e-3 * (column + 1); }

void bigbasket(std::string path, std::string model, std::string mode)
{
   {
      TFile file(path.c_str(), "RECREATE", "", RootBaler::Setting(1));
      TTree tree("t", "test");
      auto codec = RootBaler::Codec::FromModelFile(model);
      codec.SetMode(mode);
      codec.Attach(&tree);
      float f[2];
      tree.Branch("c0", &f[0], "c0/F", 40000000);
      tree.Branch("c1", &f[1], "c1/F", 1000000);
      tree.SetAutoFlush(0);
      for (Long64_t i = 0; i < kMany; ++i) {
         for (int c = 0; c < 2; ++c)
            f[c] = Big(c, i);
         tree.Fill();
      }
      tree.Write();
   }
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   Require(tree->GetBranch("c0")->GetBasketBytes()[0] > 0 && tree->GetBranch("c0")->GetWriteBasket() == 1,
           "c0 is one large basket");
   float f[2];
   tree->SetBranchAddress("c0", &f[0]);
   tree->SetBranchAddress("c1", &f[1]);
   for (Long64_t i = 0; i < kMany; ++i) {
      Require(tree->GetEntry(i) == 8, "GetEntry");
      for (int c = 0; c < 2; ++c)
         Require(std::abs(f[c] - float(Big(c, i))) <= kBound, "a value of a large basket");
   }
   gSystem->Exit(0);
}
