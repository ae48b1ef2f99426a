// TTreeProcessorMT: each thread reads clusters with a TTreeReader of its own.
#include "tree.h"
#include <ROOT/TTreeProcessorMT.hxx>
#include <TROOT.h>
#include <TTreeReader.h>
#include <TTreeReaderValue.h>
#include <atomic>

void processor(std::string path)
{
   ROOT::EnableImplicitMT(2);
   std::atomic<Long64_t> seen{0}, bad{0}, tasks{0};
   ROOT::TTreeProcessorMT processor(path, "t");
   processor.Process([&](TTreeReader &reader) {
      ++tasks;
      TTreeReaderValue<float> c3(reader, "c3"), c4(reader, "c4");
      TTreeReaderValue<double> c5(reader, "c5");
      while (reader.Next()) {
         const Long64_t i = reader.GetCurrentEntry();
         ++seen;
         if (!(std::abs(*c3 - Value(3, i)) <= kBound && std::abs(*c4 - Value(4, i)) <= kBound &&
               std::abs(*c5 - Value(5, i)) <= kBound))
            ++bad;
      }
   });
   Require(seen == kEntries && bad == 0 && tasks > 1, "every entry is right in every task");
   gSystem->Exit(0);
}
