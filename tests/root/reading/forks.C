// TTreeProcessorMP: processes that are forked after the plugin was loaded.
#include "tree.h"
#include <ROOT/TTreeProcessorMP.hxx>
#include <TH1D.h>
#include <TTreeReader.h>
#include <TTreeReaderValue.h>

void forks(std::string path)
{
   { // the plugin is in the parent, with a context in its cache
      TFile file(path.c_str());
      Require(file.Get<TTree>("t")->Draw("c4", "", "goff", 100) == 100, "Draw");
   }
   ROOT::TTreeProcessorMP pool(2);
   auto count = [](TTreeReader &reader) {
      auto *counts = new TH1D("counts", "", 2, 0, 2); // 0: wrong, 1: right
      TTreeReaderValue<float> c4(reader, "c4");
      TTreeReaderValue<double> c5(reader, "c5");
      while (reader.Next()) {
         const Long64_t i = reader.GetCurrentEntry();
         counts->Fill(std::abs(*c4 - Value(4, i)) <= kBound && std::abs(*c5 - Value(5, i)) <= kBound);
      }
      return counts;
   };
   auto *counts = static_cast<TH1D *>(pool.Process(path, count, "t"));
   Require(counts->GetBinContent(1) == 0 && counts->GetBinContent(2) == kEntries, "every entry is right");
   gSystem->Exit(0);
}
