// RDataFrame with two threads over a TChain, again and again: what depends on timing must show.
#include "tree.h"
#include <ROOT/RDataFrame.hxx>
#include <TChain.h>
#include <TROOT.h>
#include <atomic>
#include <sstream>

void race(std::string paths, int times)
{
   ROOT::EnableImplicitMT(2);
   TChain chain("t");
   std::istringstream list(paths);
   for (std::string path; std::getline(list, path, ',');)
      chain.Add(path.c_str());
   for (int turn = 0; turn < times; ++turn) {
      ROOT::RDataFrame frame(chain);
      std::atomic<Long64_t> seen{0}, bad{0};
      frame.Foreach(
         [&](int number, float c1, double c2, float c3, float c4, double c5) {
            const Long64_t i = EntryOf(number);
            ++seen;
            if (i % 16 == turn % 16 && // each turn checks other entries: computing the truth takes longer than reading
                !(std::abs(c1 - Value(1, i)) <= kBound && std::abs(c2 - Value(2, i)) <= kBound &&
                  std::abs(c3 - Value(3, i)) <= kBound && std::abs(c4 - Value(4, i)) <= kBound &&
                  std::abs(c5 - Value(5, i)) <= kBound))
               ++bad;
         },
         {"number", "c1", "c2", "c3", "c4", "c5"});
      Require(seen == chain.GetNtrees() * kEntries && bad == 0, "turn " + std::to_string(turn));
   }
   gSystem->Exit(0);
}
