// RDataFrame without and with threads, and its Snapshot, which ROOT compresses itself.
#include "tree.h"
#include <ROOT/RDataFrame.hxx>
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>
#include <atomic>

void Process(const std::string &path, const std::string &copy)
{
   ROOT::RDataFrame frame("t", path);
   std::atomic<Long64_t> seen{0}, bad{0};
   auto checked = frame.Define("entry", [](int number) { return EntryOf(number); }, {"number"});
   auto close = [](double value, int column, Long64_t i) { return std::abs(value - Value(column, i)) <= kBound; };
   checked.Foreach(
      [&](Long64_t i, float c0, float c1, double c2, float c3, float c4, double c5, const ROOT::RVec<float> &counted) {
         ++seen;
         if (!(close(c0, 0, i) && close(c1, 1, i) && close(c2, 2, i) && close(c3, 3, i) && close(c4, 4, i) &&
               close(c5, 5, i)))
            ++bad;
         if (int(counted.size()) != Elements(i) || (!counted.empty() && counted[0] != Counted(i, 0)))
            ++bad;
      },
      {"entry", "c0", "c1", "c2", "c3", "c4", "c5", "counted"});
   Require(seen == kEntries && bad == 0, "Foreach sees every entry, and each is right");
   auto count = frame.Filter("c0 > 0").Count();
   auto sum = frame.Sum("c5");
   double expected = 0;
   for (Long64_t i = 0; i < kEntries; ++i)
      expected += Value(5, i);
   Require(Selected().Takes(*count), "Filter on an expression");
   Require(std::abs(*sum - expected) <= kEntries * kBound, "Sum");
   frame.Snapshot("t", copy);
   TFile file(copy.c_str());
   for (auto *branch : *file.Get<TTree>("t")->GetListOfBranches())
      Require(static_cast<TBranch *>(branch)->GetCompressionSettings() < 600, "Snapshot writes with ROOT's algorithms");
}

void frame(std::string path)
{
   Process(path, "one.root");
   ROOT::EnableImplicitMT(2);
   Process(path, "two.root");
   gSystem->Exit(0);
}
