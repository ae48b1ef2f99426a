// A friend tree from a file with another model, by entry and by index.
#include "tree.h"
#include <TFile.h>
#include <TTree.h>

void friends(std::string path, std::string friendPath)
{
   TFile file(path.c_str()), friendFile(friendPath.c_str());
   auto *tree = file.Get<TTree>("t");
   auto *other = friendFile.Get<TTree>("t");
   tree->AddFriend(other, "other");
   tree->SetEstimate(kEntries);
   for (bool indexed : {false, true}) {
      if (indexed)
         Require(other->BuildIndex("number") == kEntries, "BuildIndex of a friend");
      Require(tree->Draw("c4:other.c4:c5:other.c5", "", "goff") == kEntries, "Draw with a friend");
      for (Long64_t i = 0; i < kEntries; ++i) {
         RequireClose(tree->GetV1()[i], 4, i, "beside a friend");
         RequireClose(tree->GetV2()[i], 4, i, "friend");
         RequireClose(tree->GetV3()[i], 5, i, "beside a friend");
         RequireClose(tree->GetV4()[i], 5, i, "friend");
      }
   }
   float c3;
   other->SetBranchAddress("c3", &c3); // read by the tree whose friend it is
   for (Long64_t i = 0; i < kEntries; i += 101) {
      tree->GetEntry(i);
      RequireClose(c3, 3, i, "address of a friend's branch");
   }
   gSystem->Exit(0);
}
