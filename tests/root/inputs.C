// The last step of inputs.sh: decompressed files, and whether the others are what they should be.
#include "data.h"
#include <RootBaler/Tools.h>

void inputs()
{
   gSystem->Unlink("ordinary.root");
   RootBaler::Decompress("lossless.root", "ordinary.root");
   for (std::string mode : {"group", "single", "other"}) {
      gSystem->Unlink(("truth_" + mode + ".root").c_str());
      RootBaler::Decompress(mode + ".root", "truth_" + mode + ".root");
      int seen = 0;
      const auto details = RootBaler::Inspect(mode + ".root");
      for (auto &branch : details.fTrees.at(0).fBranches)
         if (branch.fBranch.fName == "c4")
            for (auto &basket : branch.fBaskets) {
               ++seen;
               Require(mode == "single" ? basket.fContextRows == 0
                                        : basket.fKind == "model" && basket.fContextRows > 0,
                       mode + ".root is written in its mode");
            }
      Require(seen > 3, mode + ".root has several baskets of c4");
   }
   gSystem->Exit(0);
}
