// Writes a tree in one process (as a macro: growing("x.root", mode, model)) and reads it in another with
// TTree::Refresh() while it grows (growing("x.root")).
#include "tree.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TTree.h>

constexpr Long64_t kLast = 10 * 4000;

void Write(const std::string &path, const std::string &mode, const std::string &model)
{
   TFile file(path.c_str(), "RECREATE", "", RootBaler::Setting(5));
   TTree tree("t", "test");
   auto codec = RootBaler::Codec::FromModelFile(model);
   codec.SetMode(mode);
   codec.Attach(&tree);
   float f[kColumns];
   double d[kColumns];
   for (int c = 0; c < kColumns; ++c)
      IsDouble(c) ? tree.Branch(Name(c).c_str(), &d[c], (Name(c) + "/D").c_str(), 5000)
                  : tree.Branch(Name(c).c_str(), &f[c], (Name(c) + "/F").c_str(), 5000 + 3000 * c);
   for (Long64_t i = 0; i < kLast; ++i) {
      for (int c = 0; c < kColumns; ++c)
         f[c] = d[c] = Value(c, i % kEntries);
      tree.Fill();
      if (i % 4000 == 3999) {
         tree.AutoSave("SaveSelf");
         gSystem->Sleep(100); // the reader looks at each state
      }
   }
   tree.Write();
}

void Read(const std::string &path)
{
   while (gSystem->AccessPathName(path.c_str()))
      gSystem->Sleep(20);
   TTree *tree = nullptr;
   std::unique_ptr<TFile> file;
   while (!tree) { // until the first AutoSave
      gSystem->Sleep(20);
      file.reset(TFile::Open(path.c_str()));
      tree = file && !file->IsZombie() ? file->Get<TTree>("t") : nullptr;
   }
   int refreshed = 0;
   for (Long64_t i = 0; i < kLast;) {
      tree->Refresh();
      const Long64_t before = i;
      float c4;
      double c5;
      tree->SetBranchAddress("c4", &c4);
      tree->SetBranchAddress("c5", &c5);
      for (; i < tree->GetEntries(); ++i) {
         Require(tree->GetBranch("c4")->GetEntry(i) == 4 && tree->GetBranch("c5")->GetEntry(i) == 8,
                 "entry " + std::to_string(i) + " of the growing tree can be read");
         RequireClose(c4, 4, i % kEntries, "growing tree");
         RequireClose(c5, 5, i % kEntries, "growing tree");
      }
      tree->ResetBranchAddresses();
      refreshed += i > before;
      gSystem->Sleep(10);
   }
   Require(refreshed > 1, "the tree was seen to grow");
}

void growing(std::string path, std::string mode = "", std::string model = "")
{
   mode.empty() ? Read(path) : Write(path, mode, model);
   gSystem->Exit(0);
}
