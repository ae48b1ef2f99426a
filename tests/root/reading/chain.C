// A TChain of files (separated by commas) with different models, and with none: GetEntry, Draw, TTreeReader.
#include "tree.h"
#include <TChain.h>
#include <TTreeReader.h>
#include <TTreeReaderValue.h>
#include <sstream>

void chain(std::string paths)
{
   TChain chain("t");
   std::istringstream list(paths);
   for (std::string path; std::getline(list, path, ',');)
      chain.Add(path.c_str());
   const Long64_t entries = chain.GetNtrees() * kEntries;
   Require(chain.GetEntries() == entries, "the chain has all entries");
   float c0, c4;
   double c5;
   chain.SetBranchAddress("c0", &c0);
   chain.SetBranchAddress("c4", &c4);
   chain.SetBranchAddress("c5", &c5);
   auto check = [&](Long64_t i) {
      Require(chain.GetEntry(i) > 0, "GetEntry of a chain");
      RequireClose(c0, 0, i % kEntries, "TChain");
      RequireClose(c4, 4, i % kEntries, "TChain");
      RequireClose(c5, 5, i % kEntries, "TChain");
   };
   for (Long64_t i = 0; i < entries; i += 3)
      check(i);
   for (Long64_t k = 0; k < 40; ++k) // from file to file
      check((k * 15013 + 7) % entries);
   chain.ResetBranchAddresses();
   chain.SetEstimate(entries);
   Require(chain.Draw("number:c3", "", "goff") == entries, "Draw of a chain");
   for (Long64_t i = 0; i < entries; ++i)
      RequireClose(chain.GetV2()[i], 3, EntryOf(int(chain.GetV1()[i])), "Draw of a chain");
   TTreeReader reader(&chain);
   TTreeReaderValue<double> value(reader, "c5");
   Long64_t i = 0;
   while (reader.Next())
      RequireClose(*value, 5, i++ % kEntries, "TTreeReader of a chain");
   Require(i == entries, "TTreeReader of a chain reads all entries");
   gSystem->Exit(0);
}
