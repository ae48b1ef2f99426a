// Every value within its bound, and coded by us.
#include "names.h"

#include <TBranch.h>
#include <TFile.h>

void names_read(const char *path)
{
   TFile file(path);
   auto *tree = file.Get<TTree>("t");
   Require(tree && tree->GetEntries() == Names::kEntries, "the tree");
   Names::Event read, truth;
   tree->SetBranchAddress(Names::kCounter, &read.fN);
   tree->SetBranchAddress(Names::kArray, read.fArray);
   tree->SetBranchAddress(Names::kScalar, &read.fScalar);
   for (int entry = 0; entry < Names::kEntries; ++entry) {
      Require(tree->GetEntry(entry) > 0, "an entry can be read");
      truth.Fill(entry);
      Require(read.fN == truth.fN, "the counter");
      for (int i = 0; i < truth.fN; ++i)
         Require(std::abs(read.fArray[i] - truth.fArray[i]) <= 0.01, "an element");
      Require(std::abs(read.fScalar - truth.fScalar) <= 0.001, "a value");
   }
   for (const char *name : {Names::kArray, Names::kScalar}) {
      TBranch *branch = tree->GetBranch(name);
      Require(branch && 2 * branch->GetZipBytes() < branch->GetTotBytes(), "smaller than zstd makes it");
   }
}
