// Reads the tree of foreign_write.C: every value within the bound. `copies` of the entries one after the other. With
// `larger`, a file with the same tree: the branch that sees another group is smaller here.
#include "foreign.h"
#include <TFile.h>
#include <TTree.h>

void foreign_read(std::string path, int copies = 1, std::string larger = "")
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("k");
   Require(tree && tree->GetEntries() == copies * kForeignEntries, "all entries are there");
   int nRec, nGen, index[kMaxObjects];
   float recPt[kMaxObjects], genPt[kMaxObjects];
   tree->SetBranchAddress("nRec", &nRec);
   tree->SetBranchAddress("nGen", &nGen);
   tree->SetBranchAddress("Rec_genIdx", index);
   tree->SetBranchAddress("Rec_pt", recPt);
   tree->SetBranchAddress("Gen_pt", genPt);
   for (Long64_t at = 0; at < tree->GetEntries(); ++at) {
      const Long64_t e = at % kForeignEntries;
      Require(tree->GetEntry(at) > 0, "an entry can be read");
      Require(nRec == RecCount(e) && nGen == GenCount(e), "counts are exact");
      for (int k = 0; k < nRec; ++k)
         Require(index[k] == GenIndex(e, k) && std::abs(recPt[k] - RecPt(e, k)) <= kBound,
                 "Rec_pt is within the bound");
      for (int k = 0; k < nGen; ++k)
         Require(std::abs(genPt[k] - GenPt(e, k)) <= kBound, "Gen_pt is within the bound");
   }
   if (!larger.empty()) {
      TFile other(larger.c_str());
      const auto bytes = tree->GetBranch("Rec_pt")->GetZipBytes();
      const auto alone = other.Get<TTree>("k")->GetBranch("Rec_pt")->GetZipBytes();
      Require(bytes < 0.8 * alone, std::to_string(bytes) + " bytes are less than " + std::to_string(alone));
   }
   gSystem->Exit(0);
}
