// CloneTree into a file with the setting; option "fast" copies baskets as they are, "" decompresses and fills anew.
#include "../data.h"
#include <TFile.h>
#include <TTree.h>

void clone(std::string from, std::string to, int setting, std::string option, std::string drop = "")
{
   TFile in(from.c_str());
   auto *tree = in.Get<TTree>("t");
   if (!drop.empty())
      tree->SetBranchStatus(drop.c_str(), false);
   TFile out(to.c_str(), "RECREATE", "", setting);
   TTree *copy = tree->CloneTree(-1, option.c_str());
   Require(copy && copy->GetEntries() == tree->GetEntries(), "the clone has all entries");
   out.Write();
   gSystem->Exit(0);
}
