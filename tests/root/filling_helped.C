// In group mode nearly all rows of these branches are coded with the help of others, however the baskets lie.
#include "data.h"
#include <RootBaler/Tools.h>

void filling_helped(std::string path, double atLeast)
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
      std::printf("%s: %g of %g\n", name.c_str(), helped, rows);
      Require(helped >= atLeast * rows, name + " is coded with the help of others");
   }
   gSystem->Exit(0);
}
