// TBufferMerger: two threads write trees with a codec (the one of the input), which are merged into one file.
#include "../data.h"
#include <ROOT/TBufferMerger.hxx>
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TROOT.h>
#include <TTree.h>
#include <thread>

void buffermerger(std::string from, std::string to)
{
   ROOT::EnableThreadSafety();
   RootBaler::Codec codec;
   {
      TFile in(from.c_str());
      codec = *RootBaler::Codec::Of(in.Get<TTree>("t"));
   }
   {
      ROOT::TBufferMerger merger(to.c_str(), "RECREATE", RootBaler::Setting(5));
      auto write = [&](Long64_t first, Long64_t last) {
         auto file = merger.GetFile();
         TTree *tree = new TTree("t", "test");
         tree->ResetBit(kMustCleanup);
         codec.Attach(tree);
         float f[kColumns];
         double d[kColumns];
         int number;
         for (int c = 0; c < kColumns; ++c)
            IsDouble(c) ? tree->Branch(Name(c).c_str(), &d[c], (Name(c) + "/D").c_str())
                        : tree->Branch(Name(c).c_str(), &f[c], (Name(c) + "/F").c_str());
         tree->Branch("number", &number, "number/I");
         for (Long64_t i = first; i < last; ++i) {
            for (int c = 0; c < kColumns; ++c)
               f[c] = d[c] = Value(c, i);
            number = int(i * 7);
            tree->Fill();
            if (i % 2500 == 2499) { // handed to the merger, and begun anew
               file->Write();
               tree->ResetBit(kMustCleanup);
            }
         }
         file->Write();
      };
      std::thread one(write, 0, kEntries / 2), two(write, kEntries / 2, kEntries);
      one.join();
      two.join();
   }
   TFile out(to.c_str());
   auto *tree = out.Get<TTree>("t");
   Require(tree && tree->GetEntries() == kEntries, "all entries were merged");
   tree->SetEstimate(kEntries);
   std::vector<bool> seen(kEntries);
   for (int c = 0; c < kColumns; ++c) {
      tree->Draw(("number:" + Name(c)).c_str(), "", "goff");
      for (Long64_t k = 0; k < kEntries; ++k) {
         const Long64_t i = Long64_t(tree->GetV1()[k]) / 7;
         seen[i] = true;
         RequireClose(tree->GetV2()[k], c, i, "TBufferMerger");
      }
   }
   for (bool entry : seen)
      Require(entry, "every entry was merged once");
   bool hasKey = false;
   for (auto *key : *out.GetListOfKeys())
      hasKey |= TString(key->GetName()).BeginsWith("RootBalerCodec_");
   Require(hasKey && RootBaler::Codec::Of(tree), "the merged file loads the plugin");
   gSystem->Exit(0);
}
