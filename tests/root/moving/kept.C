// How the baskets of c4 are stored. how: "ours" (every one by RootBaler), "group" (with the help of other branches
// too), "root" (none by RootBaler).
#include "../data.h"
#include <RootBaler/Tools.h>

void kept(std::string path, std::string how)
{
   const auto details = RootBaler::Inspect(path);
   int seen = 0;
   for (auto &branch : details.fTrees.at(0).fBranches) {
      if (branch.fBranch.fName != "c4")
         continue;
      for (auto &basket : branch.fBaskets) {
         ++seen;
         const bool ours = basket.fKind == "model" || basket.fKind == "column";
         Require(how == "root" ? !ours : ours, path + ": a basket of c4 is stored as " + basket.fKind);
         Require(how != "group" || basket.fContextRows > 0, path + ": a basket of c4 is stored without help");
      }
   }
   Require(seen > 0, "c4 has baskets");
   gSystem->Exit(0);
}
