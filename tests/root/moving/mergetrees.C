// TTree::MergeTrees: trees of two files, filled into a new one.
#include "../data.h"
#include <TFile.h>
#include <TList.h>
#include <TTree.h>

void mergetrees(std::string to, std::string first, std::string second, int setting)
{
   TFile one(first.c_str()), two(second.c_str());
   TFile out(to.c_str(), "RECREATE", "", setting);
   TList list;
   list.Add(one.Get<TTree>("t"));
   list.Add(two.Get<TTree>("t"));
   out.cd();
   TTree *merged = TTree::MergeTrees(&list);
   Require(merged && merged->GetEntries() == 2 * kEntries, "MergeTrees takes all entries");
   out.Write();
   gSystem->Exit(0);
}
