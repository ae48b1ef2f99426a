// TTree::Draw: several expressions with a cut, arrays, a histogram.
#include "tree.h"
#include <TFile.h>
#include <TH1.h>
#include <TTree.h>

void draw(std::string path)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   tree->SetEstimate(kEntries * 10);
   const Long64_t selected = tree->Draw("number:c3:c5:c4-c0", "c0>0", "goff");
   Require(Selected().Takes(selected), "Draw selects the right entries");
   for (Long64_t k = 0; k < selected; ++k) {
      const Long64_t i = EntryOf(int(tree->GetV1()[k]));
      RequireClose(tree->GetV2()[k], 3, i, "Draw");
      RequireClose(tree->GetV3()[k], 5, i, "Draw");
      Require(std::abs(tree->GetV4()[k] - (Value(4, i) - Value(0, i))) <= 2.01 * kBound, "Draw of a difference");
   }
   const Long64_t elements = tree->Draw("number:counted:Iteration$", "", "goff");
   Require(elements == kEntries / 10 * 45, "Draw selects all elements");
   for (Long64_t k = 0; k < elements; ++k)
      Require(tree->GetV2()[k] == Counted(EntryOf(int(tree->GetV1()[k])), int(tree->GetV3()[k])), "Draw of an array");
   TH1D histogram("histogram", "", 200, -100, 100);
   Require(tree->Draw("c1>>histogram", "c1>-100", "goff") == histogram.GetEntries(), "Draw fills the histogram");
   double sum = 0;
   Long64_t entries = 0;
   for (Long64_t i = 0; i < kEntries; ++i)
      if (Value(1, i) > -100) {
         sum += Value(1, i);
         ++entries;
      }
   Require(histogram.GetEntries() == entries && std::abs(histogram.GetMean() - sum / entries) <= kBound,
           "the mean of the histogram");
   gSystem->Exit(0);
}
