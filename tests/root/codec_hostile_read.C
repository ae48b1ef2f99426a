// Reads a branch whose model is in a codec that cannot be read: no memory beyond the file's size is asked for, and all
// say what the codec's fault is.
#include "data.h"
#include <RootBaler/Tools.h>
#include <TFile.h>
#include <TTree.h>

#include <fstream>

// Megabytes that this process had at most.
long Peak()
{
   std::ifstream status("/proc/self/status");
   std::string word;
   while (status >> word)
      if (word == "VmPeak:" && status >> word)
         return std::stol(word) / 1024;
   return 0;
}

template <typename F>
RootBaler::EStatus StatusOf(F &&f)
{
   try {
      f();
   } catch (const RootBaler::Error &error) {
      std::printf("said: %s\n", error.what());
      return error.Status();
   }
   Require(false, "it fails");
   return RootBaler::EStatus::kInternal;
}

void codec_hostile_read(std::string path, bool isVersion)
{
   const long before = Peak();
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   Require(tree, "the tree can be read");
   TBranch *branch = tree->GetBranch("c4");
   for (Int_t basket = 0; basket < branch->GetWriteBasket(); ++basket)
      Require(branch->GetEntry(branch->GetBasketEntry()[basket]) < 0, "its baskets cannot");
   Require(Peak() < before + 1000, std::to_string(Peak() - before) + " MB more than before were asked for");
   gSystem->Unlink("plain.root");
   const auto expected = isVersion ? RootBaler::EStatus::kIncompatible : RootBaler::EStatus::kCorrupt;
   Require(StatusOf([&] { RootBaler::Decompress(path, "plain.root"); }) == expected, "the fault is named as it is");
   gSystem->Exit(0);
}
