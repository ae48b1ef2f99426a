// In a process with a plugin for another release of ROOT: it is refused, and a tree with our setting loses nothing.
#include "data.h"
#include <TFile.h>
#include <TSystem.h>
#include <TTree.h>

void other_release()
{
   Require(gSystem->Load("libRootBaler") < 0, "ROOT refuses it, too");
   float c0;
   {
      TFile file("other.root", "RECREATE", "", 6605); // RootBaler::Setting(5)
      TTree tree("t", "test");
      tree.Branch("c0", &c0);
      for (Long64_t i = 0; i < kEntries; ++i) {
         c0 = float(Value(0, i));
         tree.Fill();
      }
      tree.Write();
   }
   TFile file("other.root");
   auto *tree = file.Get<TTree>("t");
   Require(tree && tree->GetEntries() == kEntries, "the tree can be read");
   tree->SetBranchAddress("c0", &c0);
   for (Long64_t i = 0; i < kEntries; ++i)
      Require(tree->GetEntry(i) == 4 && c0 == float(Value(0, i)), "what ROOT stores in place of us is exact");
   gSystem->Exit(0);
}
