// Baskets that fill and flush at different times: "bytes" and "entries" (AutoFlush), "autosave" (by bytes), "flush"
// (FlushBaskets of the tree and of single branches), "sizes" (SetBasketSize between entries), "optimize"
// (OptimizeBaskets); with "+imt".
#include "filled.h"
#include <TFile.h>
#include <TROOT.h>

void filling(std::string path, std::string models, std::string mode, std::string how)
{
   auto option = [&](const char *name) { return how.find(name) != std::string::npos; };
   if (option("+imt"))
      ROOT::EnableImplicitMT(2);
   TFile file(path.c_str(), "RECREATE");
   TTree tree("t", "test");
   Filled filled(tree, models, mode, [](int column) { return 6000 + 2500 * (column % 5); });
   if (option("bytes"))
      tree.SetAutoFlush(-300000); // ROOT optimizes the baskets at the first one, and goes on by entries
   if (option("entries"))
      tree.SetAutoFlush(1700);
   if (option("autosave"))
      tree.SetAutoSave(-200000);
   const auto names = {"c0", "c1", "c4", "nJet", "Jet_pt", "Jet_mass"};
   for (Long64_t i = 0; i < kEntries; ++i) {
      filled.Fill(i);
      if (option("flush") && i % 3001 == 1000)
         tree.FlushBaskets(i % 2);
      if (option("flush") && i % 701 == 350)
         tree.GetBranch(names.begin()[i % names.size()])->FlushBaskets();
      if (option("sizes") && i % 2500 == 1250)
         for (auto *branch : *tree.GetListOfBranches())
            static_cast<TBranch *>(branch)->SetBasketSize(2000 + (i * 7 + branch->Hash()) % 20000);
      if (option("optimize") && i % 5000 == 2500)
         tree.OptimizeBaskets(60000 + 10 * i, 1.1, "");
   }
   tree.Write();
   if (option("autosave"))
      Require(tree.GetAutoSave() > 0, "AutoSave went by bytes first");
   std::map<Int_t, int> sizes;
   for (auto *branch : *tree.GetListOfBranches())
      ++sizes[static_cast<TBranch *>(branch)->GetWriteBasket()];
   Require(sizes.size() > 1 || option("entries") || option("bytes"), "branches have different baskets");
   file.Close();
   gSystem->Exit(0);
}
