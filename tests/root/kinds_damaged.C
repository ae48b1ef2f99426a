// Reads copies of a file with one bit of a jagged branch's compressed basket, or of its counter's, flipped: every entry
// is right or an error, and nothing crashes.
#include "kinds.h"
#include <TFile.h>
#include <TTree.h>
#include <fstream>
#include <iterator>
#include <vector>

void kinds_damaged(std::string path, std::string scratch)
{
   std::ifstream in(path, std::ios::binary);
   const std::vector<char> bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
   std::vector<std::pair<Long64_t, Long64_t>> blocks; // begin and end of compressed contents
   {
      TFile file(path.c_str());
      auto *tree = file.Get<TTree>("k");
      for (const char *name : {"nJet", "Jet_pt", "Jet_q", "Jet_mass", "Jet_eta"}) {
         TBranch *branch = tree->GetBranch(name);
         for (int b = 0; b < branch->GetWriteBasket(); ++b) {
            const Long64_t pos = branch->GetBasketSeek(b);
            const int key = (unsigned char)bytes[pos + 14] << 8 | (unsigned char)bytes[pos + 15];
            if (bytes[pos + key] == 'R' && bytes[pos + key + 1] == 'B')
               blocks.emplace_back(pos + key, pos + branch->GetBasketBytes()[b]);
         }
      }
   }
   Require(blocks.size() >= 5, "the file has compressed baskets");
   gErrorIgnoreLevel = kFatal;
   int noticed = 0, flips = 0;
   for (std::size_t k = 0; k < 100; ++k) {
      const auto &block = blocks[k % blocks.size()];
      auto copy = bytes;
      copy[block.first + (k < 50 ? k % 45 : (k * 7919) % (block.second - block.first))] ^= 1 << (k % 8);
      std::ofstream(scratch, std::ios::binary).write(copy.data(), copy.size());
      ++flips;
      TFile file(scratch.c_str());
      auto *tree = file.Get<TTree>("k");
      double mass[10000];
      TBranch *branch = tree->GetBranch("Jet_mass");
      branch->SetAddress(mass);
      bool isNoticed = false;
      for (Long64_t e = 0; e < kKindEntries; e += 41) {
         if (JetCount(e) == 0)
            continue;
         if (branch->GetEntry(e) < 0)
            isNoticed = true;
         else
            for (int m = 0; m < JetCount(e); ++m)
               Require(std::abs(mass[m] - JetValue(3, e, m)) <= kBound, "damaged file: entry " + std::to_string(e));
      }
      noticed += isNoticed;
   }
   gErrorIgnoreLevel = kUnset;
   Require(noticed > flips / 4, "flipped bits are noticed in what Jet_mass needs");
   std::printf("kinds_damaged.C: %d flips, %d noticed\n", flips, noticed);
   gSystem->Exit(0);
}
