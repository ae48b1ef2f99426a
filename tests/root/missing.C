// Reads a branch that cannot be read: GetEntry must say so and leave the variable alone, other branches must be right.
#include "data.h"
#include <TFile.h>
#include <TTree.h>

void missing(std::string path, std::string unreadable, std::string readable)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   Require(tree, "the tree can be read");
   float bad = 12345, good = 0;
   TBranch *badBranch = tree->GetBranch(unreadable.c_str());
   badBranch->SetAddress(&bad);
   for (Long64_t i = 0; i < 50; ++i)
      Require(badBranch->GetEntry(i) < 0 && bad == 12345, "GetEntry of " + unreadable + " fails and changes nothing");
   if (!readable.empty()) {
      tree->SetBranchAddress(readable.c_str(), &good);
      for (Long64_t i = 0; i < kEntries; ++i) {
         Require(tree->GetBranch(readable.c_str())->GetEntry(i) == 4, readable + " can be read");
         RequireClose(good, readable[1] - '0', i, "beside an unreadable branch");
      }
   }
   int number;
   tree->SetBranchAddress("number", &number);
   Require(tree->GetBranch("number")->GetEntry(77) == 4 && number == 77 * 7, "other branches can be read");
   gSystem->Exit(0);
}
