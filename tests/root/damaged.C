// Reads copies of a file with one bit of a compressed basket flipped, and with its end cut off: every entry is right or
// an error, and nothing crashes.
#include "data.h"
#include <TFile.h>
#include <TTree.h>
#include <fstream>
#include <iterator>
#include <vector>

std::vector<char> Bytes(const std::string &path)
{
   std::ifstream in(path, std::ios::binary);
   return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void Store(const std::string &path, const std::vector<char> &bytes)
{
   std::ofstream out(path, std::ios::binary);
   out.write(bytes.data(), bytes.size());
}

// Number of entries that could not be read.
Long64_t ReadAll(const std::string &path)
{
   TFile file(path.c_str());
   auto *tree = file.IsZombie() ? nullptr : file.Get<TTree>("t");
   if (!tree)
      return kEntries;
   Long64_t unreadable = 0;
   for (int c = 0; c < kColumns; ++c) {
      float f = 0;
      double d = 0;
      TBranch *branch = tree->GetBranch(Name(c).c_str());
      if (!branch)
         continue;
      IsDouble(c) ? branch->SetAddress(&d) : branch->SetAddress(&f);
      for (Long64_t i = 0; i < tree->GetEntries(); i += 41) {
         if (branch->GetEntry(i) <= 0)
            ++unreadable;
         else
            RequireClose(IsDouble(c) ? d : f, c, i, "damaged file");
      }
   }
   return unreadable;
}

void damaged(std::string path, std::string scratch)
{
   const auto bytes = Bytes(path);
   std::vector<std::pair<Long64_t, Long64_t>> blocks; // begin and end of compressed contents
   {
      TFile file(path.c_str());
      auto *tree = file.Get<TTree>("t");
      for (int c = 0; c < kColumns; ++c) {
         TBranch *branch = tree->GetBranch(Name(c).c_str());
         for (int b = 0; b < branch->GetWriteBasket(); ++b) {
            const Long64_t pos = branch->GetBasketSeek(b);
            const int key = (unsigned char)bytes[pos + 14] << 8 | (unsigned char)bytes[pos + 15];
            if (bytes[pos + key] == 'R' && bytes[pos + key + 1] == 'B')
               blocks.emplace_back(pos + key, pos + branch->GetBasketBytes()[b]);
         }
      }
   }
   Require(!blocks.empty(), "the file has compressed baskets");
   gErrorIgnoreLevel = kFatal;
   int flips = 0, noticed = 0;
   for (std::size_t k = 0; k < 120; ++k) {
      const auto &block = blocks[k % blocks.size()];
      // The header of the block first, then anywhere in it.
      const Long64_t length = block.second - block.first;
      const Long64_t at = block.first + (k < 40 ? k % 30 : (k * 7919) % length);
      auto copy = bytes;
      copy[at] ^= 1 << (k % 8);
      Store(scratch, copy);
      ++flips;
      noticed += ReadAll(scratch) > 0;
   }
   for (int k = 1; k < 12; ++k) {
      Store(scratch, {bytes.begin(), bytes.begin() + bytes.size() * k / 12});
      ReadAll(scratch);
   }
   gErrorIgnoreLevel = kUnset;
   Require(noticed > flips / 2, "flipped bits are noticed, unless the decoded values are the same");
   std::printf("damaged.C: %d flips, %d noticed\n", flips, noticed);
   gSystem->Exit(0);
}
