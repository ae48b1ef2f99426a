// Writes a tree and dies without closing its file (what: "write"), or reads what was saved before that.
#include "data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TTree.h>
#include <unistd.h>

void crash(std::string path, std::string what, std::string model)
{
   float f[kColumns];
   double d[kColumns];
   if (what == "write") {
      auto *file = new TFile(path.c_str(), "RECREATE", "", RootBaler::Setting(5));
      auto *tree = new TTree("t", "test");
      RootBaler::Codec::FromModelFile(model).Attach(tree);
      for (int c = 0; c < kColumns; ++c)
         IsDouble(c) ? tree->Branch(Name(c).c_str(), &d[c], (Name(c) + "/D").c_str(), 8000)
                     : tree->Branch(Name(c).c_str(), &f[c], (Name(c) + "/F").c_str(), 3000 + 1000 * c);
      for (Long64_t i = 0; i < 9000; ++i) {
         for (int c = 0; c < kColumns; ++c)
            f[c] = d[c] = Value(c, i);
         tree->Fill();
         if (i % 2000 == 1999)
            tree->AutoSave(i < 5000 ? "SaveSelf" : ""); // the last one must be recovered
      }
      file->Flush();
      _exit(0);
   }
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   Require(tree && tree->GetEntries() == 8000, "what was saved is there");
   for (int c = 0; c < kColumns; ++c) {
      IsDouble(c) ? tree->SetBranchAddress(Name(c).c_str(), &d[c]) : tree->SetBranchAddress(Name(c).c_str(), &f[c]);
      for (Long64_t i = 0; i < 8000; ++i) {
         Require(tree->GetBranch(Name(c).c_str())->GetEntry(i) > 0, "GetEntry");
         RequireClose(IsDouble(c) ? d[c] : f[c], c, i, "after a crash");
      }
   }
   gSystem->Exit(0);
}
