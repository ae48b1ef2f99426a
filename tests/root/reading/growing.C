// Writes a tree in one process (as a macro: growing("x.root", mode, models)) and reads it in another with
// TTree::Refresh() while it grows (growing("x.root")).
#include "../filled.h"
#include <TFile.h>

constexpr Long64_t kLast = 10 * 4000;

void Write(const std::string &path, const std::string &mode, const std::string &models)
{
   TFile file(path.c_str(), "RECREATE");
   TTree tree("t", "test");
   Filled filled(tree, models, mode, [](int column) { return 5000 + 3000 * column; });
   for (Long64_t i = 0; i < kLast; ++i) {
      filled.Fill(i);
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
      Filled filled(*tree);
      for (; i < tree->GetEntries(); ++i)
         filled.Check(i, "growing tree");
      refreshed += i > before;
      gSystem->Sleep(10);
   }
   Require(refreshed > 1, "the tree was seen to grow");
}

void growing(std::string path, std::string mode = "", std::string models = "")
{
   mode.empty() ? Read(path) : Write(path, mode, models);
   gSystem->Exit(0);
}
