// Baskets over 16 MB, which ROOT compresses in pieces: written with bounds, every value right, in pieces that do not
// end between two values.
#include "data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TTree.h>
#include <vector>

constexpr int kLong = 3001;
constexpr Long64_t kLongEntries = 2000; // 24 MB and 12 MB

void big(std::string path)
{
   std::vector<float> values(kLong), elements(kLong);
   int n = 0;
   {
      TFile file(path.c_str(), "RECREATE", "", RootBaler::Setting(1));
      auto *tree = new TTree("t", "test");
      RootBaler::Codec codec;
      codec.SetBound("*", "abs=0.01");
      codec.Attach(tree);
      tree->SetAutoFlush(0);
      tree->Branch("values", values.data(), ("values[" + std::to_string(kLong) + "]/F").c_str(), 60000000);
      tree->Branch("n", &n, "n/I");
      tree->Branch("elements", elements.data(), "elements[n]/F", 60000000);
      for (Long64_t i = 0; i < kLongEntries; ++i) {
         n = kLong - i % 7;
         for (int k = 0; k < kLong; ++k)
            elements[k] = values[k] = float(i) + 0.01f * k;
         tree->Fill();
      }
      tree->Write();
   }
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   Require(tree->GetBranch("values")->GetTotBytes("*") > 0x1000000 && tree->GetBranch("values")->GetWriteBasket() == 1,
           "one basket is over 16 MB");
   tree->SetBranchAddress("values", values.data());
   tree->SetBranchAddress("n", &n);
   tree->SetBranchAddress("elements", elements.data());
   for (Long64_t i = 0; i < kLongEntries; ++i) {
      Require(tree->GetEntry(i) > 0 && n == kLong - i % 7, "GetEntry");
      for (int k = 0; k < kLong; ++k)
         Require(std::abs(values[k] - (float(i) + 0.01f * k)) <= 0.01 &&
                    (k >= n || std::abs(elements[k] - (float(i) + 0.01f * k)) <= 0.01),
                 "value " + std::to_string(k) + " of entry " + std::to_string(i));
   }
   gSystem->Exit(0);
}
