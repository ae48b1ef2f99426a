// Reads Rec_pt where the branch that it points to is missing: GetEntry must say so and change nothing.
#include "foreign.h"
#include <TFile.h>
#include <TTree.h>

void foreign_missing(std::string path)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("k");
   Require(tree, "the tree can be read");
   float pt[kMaxObjects] = {12345};
   int index[kMaxObjects];
   TBranch *branch = tree->GetBranch("Rec_pt");
   branch->SetAddress(pt);
   tree->SetBranchAddress("Rec_genIdx", index);
   for (Long64_t e = 0; e < 50; ++e) {
      Require(RecCount(e) == 0 || (branch->GetEntry(e) < 0 && pt[0] == 12345), "GetEntry of Rec_pt fails");
      Require(RecCount(e) == 0 || (tree->GetBranch("Rec_genIdx")->GetEntry(e) > 0 && index[0] == GenIndex(e, 0)),
              "the index can be read");
   }
   gSystem->Exit(0);
}
