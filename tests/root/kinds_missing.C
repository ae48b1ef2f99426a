// Reads jagged branches of which others are missing: GetEntry must say so and change nothing. gone: a branch that is
// taken out of the tree first, as ROOT's own tools keep counters.
#include "kinds.h"
#include <TFile.h>
#include <TTree.h>

void kinds_missing(std::string path, std::string unreadable, std::string readable, std::string gone = "")
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("k");
   Require(tree, "the tree can be read");
   if (!gone.empty())
      tree->GetListOfBranches()->Remove(tree->GetBranch(gone.c_str()));
   double values[kMaxJets];
   values[0] = 12345;
   TBranch *branch = tree->GetBranch(unreadable.c_str());
   Require(branch, "the branch is there");
   branch->SetAddress(values);
   for (Long64_t e = 1; e < 50; ++e)
      Require(JetCount(e) == 0 || (branch->GetEntry(e) < 0 && values[0] == 12345),
              "GetEntry of " + unreadable + " fails");
   int number[kMaxJets];
   tree->SetBranchAddress(readable.c_str(), number);
   for (Long64_t e = 0; e < kKindEntries; ++e)
      Require(tree->GetBranch(readable.c_str())->GetEntry(e) > 0 && number[0] == int(e), readable + " can be read");
   gSystem->Exit(0);
}
