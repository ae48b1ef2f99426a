// CopyTree with a selection, into a file with the setting.
#include "../reading/tree.h"
#include <TFile.h>
#include <TTree.h>

void copytree(std::string from, std::string to, int setting)
{
   TFile in(from.c_str());
   auto *tree = in.Get<TTree>("t");
   TFile out(to.c_str(), "RECREATE", "", setting);
   TTree *copy = tree->CopyTree("c0>0 && c5<1e6");
   Require(copy && Selected().Takes(copy->GetEntries()), "the selection takes the right entries");
   out.Write();
   gSystem->Exit(0);
}
