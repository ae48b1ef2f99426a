// Baskets that fill and flush at different times: files bytes.root and entries.root (AutoFlush), autosave.root (by
// bytes), flush.root (FlushBaskets of the tree and of single branches), sizes.root (SetBasketSize between entries) and
// optimize.root (OptimizeBaskets).
#include "filled.h"
#include <TFile.h>
#include <TROOT.h>

#include <map>

void Write(const std::string &how, const std::string &models, const std::string &mode)
{
   TFile file((how + ".root").c_str(), "RECREATE");
   TTree tree("t", "test");
   Filled filled(tree, models, mode, [](int column) { return 6000 + 2500 * (column % 5); });
   if (how == "bytes")
      tree.SetAutoFlush(-300000); // ROOT optimizes the baskets at the first one, and goes on by entries
   if (how == "entries")
      tree.SetAutoFlush(1700);
   if (how == "autosave")
      tree.SetAutoSave(-200000);
   const auto names = {"c0", "c1", "c4", "nJet", "Jet_pt", "Jet_mass"};
   for (Long64_t i = 0; i < kEntries; ++i) {
      filled.Fill(i);
      if (how == "flush" && i % 3001 == 1000)
         tree.FlushBaskets(i % 2);
      if (how == "flush" && i % 701 == 350)
         tree.GetBranch(names.begin()[i % names.size()])->FlushBaskets();
      if (how == "sizes" && i % 2500 == 1250)
         for (auto *branch : *tree.GetListOfBranches())
            static_cast<TBranch *>(branch)->SetBasketSize(2000 + (i * 7 + branch->Hash()) % 20000);
      if (how == "optimize" && i % 5000 == 2500)
         tree.OptimizeBaskets(60000 + 10 * i, 1.1, "");
   }
   tree.Write();
   if (how == "autosave")
      Require(tree.GetAutoSave() > 0, "AutoSave went by bytes first");
   std::map<Int_t, int> baskets;
   for (auto *branch : *tree.GetListOfBranches())
      ++baskets[static_cast<TBranch *>(branch)->GetWriteBasket()];
   Require(baskets.size() > 1 || how == "entries" || how == "bytes", "branches have different baskets: " + how);
   file.Close();
}

void filling(std::string models, std::string mode, bool withThreads)
{
   if (withThreads)
      ROOT::EnableImplicitMT(2);
   for (auto how : {"bytes", "entries", "autosave", "flush", "sizes", "optimize"})
      Write(how, models, mode);
   gSystem->Exit(0);
}
