// A branch that is deleted while its tree is filled, and one of its name with other contents, made where it was: nobody
// looks at the old one any more, and all others are read within their bounds.
#include "data.h"
#include <RootBaler/Codec.h>
#include <TFile.h>
#include <TLeaf.h>
#include <TTree.h>

void Delete(TTree &tree, const std::string &name)
{
   TBranch *branch = tree.GetBranch(name.c_str());
   for (TObject *leaf : *branch->GetListOfLeaves())
      tree.GetListOfLeaves()->Remove(leaf);
   tree.GetListOfLeaves()->Compress();
   tree.GetListOfBranches()->Remove(branch);
   tree.GetListOfBranches()->Compress();
   delete branch;
}

void gone(std::string path, std::string model)
{
   const int away = 4; // no other needs it
   {
      TFile file(path.c_str(), "RECREATE");
      TTree tree("t", "test");
      RootBaler::Codec::FromModelFile(model).Attach(&tree);
      float f[kColumns], three[3] = {};
      double d[kColumns];
      for (int c = 0; c < kColumns; ++c) {
         TBranch *branch = IsDouble(c) ? tree.Branch(Name(c).c_str(), &d[c], (Name(c) + "/D").c_str(), 5000 + 900 * c)
                                       : tree.Branch(Name(c).c_str(), &f[c], (Name(c) + "/F").c_str(), 5000 + 900 * c);
         branch->SetCompressionSettings(RootBaler::Setting());
      }
      for (Long64_t i = 0; i < kEntries; ++i) {
         if (i % 5000 == 4000) {
            Delete(tree, Name(away));
            const char *leaves = i % 2000 == 0 ? "c4[3]/F" : "c4/F";
            tree.Branch(Name(away).c_str(), three, leaves, 3000)->SetCompressionSettings(RootBaler::Setting());
         }
         for (int c = 0; c < kColumns; ++c)
            f[c] = d[c] = Value(c, i);
         tree.Fill();
      }
      tree.Write();
   }
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   for (int c = 0; c < kColumns; ++c) {
      if (c == away)
         continue;
      float f = 0;
      double d = 0;
      TBranch *branch = tree->GetBranch(Name(c).c_str());
      IsDouble(c) ? branch->SetAddress(&d) : branch->SetAddress(&f);
      for (Long64_t i = 0; i < kEntries; ++i) {
         Require(branch->GetEntry(i) > 0, Name(c) + " can be read");
         RequireClose(IsDouble(c) ? d : f, c, i, "after a branch was deleted");
      }
      branch->ResetAddress();
   }
   gSystem->Exit(0);
}
