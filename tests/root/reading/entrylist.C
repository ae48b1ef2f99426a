// TEntryList and TEventList, made by a selection and used to read.
#include "tree.h"
#include <TDirectory.h>
#include <TEntryList.h>
#include <TEventList.h>
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>

void entrylist(std::string path)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   gROOT->cd();
   tree->Draw(">>entries", "c0>0", "entrylist");
   auto *entries = gDirectory->Get<TEntryList>("entries");
   Require(entries && Selected().Takes(entries->GetN()), "an entry list from a cut");
   tree->Draw(">>events", "c0>0");
   auto *events = gDirectory->Get<TEventList>("events");
   Require(events && events->GetN() == entries->GetN(), "an event list from the same cut");
   float c0;
   double c5;
   tree->SetBranchAddress("c0", &c0);
   tree->SetBranchAddress("c5", &c5);
   for (Long64_t k = 0; k < entries->GetN(); ++k) {
      const Long64_t i = entries->GetEntry(k);
      Require(i == events->GetEntry(k) && tree->GetEntry(i) > 0 && c0 > 0, "a listed entry passes the cut");
      RequireClose(c5, 5, i, "entry list");
   }
   tree->ResetBranchAddresses();
   tree->SetEntryList(entries);
   tree->SetEstimate(kEntries);
   Require(tree->Draw("number:c3", "", "goff") == entries->GetN(), "Draw with an entry list");
   for (Long64_t k = 0; k < entries->GetN(); ++k)
      RequireClose(tree->GetV2()[k], 3, EntryOf(int(tree->GetV1()[k])), "Draw with an entry list");
   gSystem->Exit(0);
}
