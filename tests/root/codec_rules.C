// One model may have branches of several trees. A tree's codec has the bounds of its own branches alone.
#include "data.h"
#include <RootBaler/Codec.h>
#include <RootBaler/Tools.h>
#include <TFile.h>
#include <TSystem.h>
#include <TTree.h>

#include <cstdlib>
#include <fstream>

void codec_rules(std::string model)
{
   // without its network: bounds alone, as the command has them for arrays
   const auto whole = RootBaler::Codec::FromModelFile(model);
   const std::string bytes = whole.GetModel(0);
   ULong64_t hash = 0;
   std::memcpy(&hash, bytes.data() + bytes.size() - sizeof hash, sizeof hash);
   const std::string bounds = whole.WithoutNetworks({hash}).GetModel(0);
   std::ofstream("bounds.rbm", std::ios::binary) << bounds;
   {
      TFile file("in.root", "RECREATE");
      for (int c = 0; c < 2; ++c) {
         TTree tree(("t" + std::to_string(c)).c_str(), "test");
         float pair[2];
         tree.Branch(Name(c).c_str(), pair, (Name(c) + "[2]/F").c_str()); // no column of models
         for (Long64_t i = 0; i < kEntries; ++i) {
            pair[0] = Value(c, i);
            pair[1] = Value(c, i + kEntries);
            tree.Fill();
         }
         tree.Write();
      }
   }
   RootBaler::CompressOptions options;
   options.fTrees = {{"t0", {"bounds.rbm"}}, {"t1", {"bounds.rbm"}}};
   gSystem->Unlink("out.root"); // of a run before
   RootBaler::Compress("in.root", "out.root", options);
   TFile file("out.root");
   for (int c = 0; c < 2; ++c) {
      auto *codec = RootBaler::Codec::Of(file.Get<TTree>(("t" + std::to_string(c)).c_str()));
      Require(codec, "the tree has a codec");
      Require(codec->GetBound(Name(c)) == "abs=0.01", "the bound of its own branch: " + codec->GetBound(Name(c)));
      Require(codec->GetBound(Name(1 - c)) == "lossless", "none for the other tree's: " + codec->GetBound(Name(1 - c)));
   }
   gSystem->Exit(0);
}
