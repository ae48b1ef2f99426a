// Reads back jagged branches while their tree is being written: some baskets are on file, those of others, and those of
// the counter, still in memory.
#include "kinds.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TTree.h>

void kinds_memory(std::string path, std::string model)
{
   TFile file(path.c_str(), "RECREATE");
   auto *tree = new TTree("k", "test");
   RootBaler::Codec::FromModelFile(model).Attach(tree);
   int n = 0, charge[kMaxJets];
   float pt[kMaxJets], eta[kMaxJets];
   double mass[kMaxJets];
   tree->Branch("nJet", &n, "nJet/I", 200000);
   tree->Branch("Jet_q", charge, "Jet_q[nJet]/I", 200000);
   tree->Branch("Jet_pt", pt, "Jet_pt[nJet]/F", 20000);
   tree->Branch("Jet_eta", eta, "Jet_eta[nJet]/F", 200000);
   tree->Branch("Jet_mass", mass, "Jet_mass[nJet]/D", 5000); // goes to file early
   for (TObject *branch : *tree->GetListOfBranches())
      static_cast<TBranch *>(branch)->SetCompressionSettings(RootBaler::Setting(9));
   auto check = [&](Long64_t entries) {
      for (Long64_t e = 0; e < entries; e += 3) {
         Require(tree->GetEntry(e) > 0 && n == JetCount(e), "an entry is read back while the tree is written");
         for (int k = 0; k < n; ++k)
            Require(std::abs(mass[k] - JetValue(3, e, k)) <= kBound && charge[k] == JetValue(0, e, k), "read back");
      }
   };
   auto fill = [&](Long64_t entries, bool isChecked) {
      for (Long64_t e = 0; e < entries; ++e) {
         n = JetCount(e);
         for (int k = 0; k < n; ++k) {
            charge[k] = int(JetValue(0, e, k));
            pt[k] = float(JetValue(1, e, k));
            eta[k] = float(JetValue(2, e, k));
            mass[k] = JetValue(3, e, k);
         }
         tree->Fill();
         if (isChecked && e % 500 == 499)
            check(e + 1);
      }
   };
   fill(3000, true);
   Require(tree->GetBranch("Jet_mass")->GetBasketSeek(0) > 0 && tree->GetBranch("nJet")->GetBasketSeek(0) == 0,
           "Jet_mass is on file and its counter is not");
   tree->Reset(); // filled anew: nothing may be remembered from before
   fill(2000, false);
   check(2000);
   tree->Write();
   check(2000);
   gSystem->Exit(0);
}
