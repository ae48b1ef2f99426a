// Reads what filling.C wrote. In group mode nearly all rows are coded with the help of others, however the baskets lie.
#include "filled.h"
#include <RootBaler/Tools.h>
#include <TFile.h>

void RequireHelp(const std::string &path)
{
   const auto details = RootBaler::Inspect(path);
   for (auto &branch : details.fTrees.at(0).fBranches) {
      const auto &name = branch.fBranch.fName;
      if (name != "c4" && name != "c5" && name != "Jet_mass")
         continue;
      double rows = 0, helped = 0;
      for (auto &basket : branch.fBaskets) {
         rows += basket.fEntries;
         helped += basket.fContextRows;
      }
      Require(helped >= 0.99 * rows,
              path + ": " + name + " has help for " + std::to_string(helped) + " of " + std::to_string(rows) + " rows");
   }
}

void filling_read(std::string mode)
{
   for (std::string how : {"bytes", "entries", "autosave", "flush", "sizes", "optimize"}) {
      TFile file((how + ".root").c_str());
      auto *tree = file.Get<TTree>("t");
      Require(tree && tree->GetEntries() == kEntries, how + ": all entries");
      Filled filled(*tree);
      for (Long64_t i = 0; i < kEntries; ++i)
         filled.Check(i, how);
      if (mode == "group")
         RequireHelp(how + ".root");
   }
   gSystem->Exit(0);
}
