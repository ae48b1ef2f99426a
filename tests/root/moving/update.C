// Opens a file for update and goes on filling its tree, as if it had never been closed.
#include "../reading/tree.h"
#include <TFile.h>
#include <TTree.h>

void update(std::string path)
{
   TFile file(path.c_str(), "UPDATE");
   auto *tree = file.Get<TTree>("t");
   float f[kColumns], special, counted[10], fixed[3];
   double d[kColumns];
   int number, n;
   std::vector<float> jagged, *jaggedAt = &jagged;
   for (int c = 0; c < kColumns; ++c)
      IsDouble(c) ? tree->SetBranchAddress(Name(c).c_str(), &d[c]) : tree->SetBranchAddress(Name(c).c_str(), &f[c]);
   tree->SetBranchAddress("special", &special);
   tree->SetBranchAddress("number", &number);
   tree->SetBranchAddress("n", &n);
   tree->SetBranchAddress("counted", counted);
   tree->SetBranchAddress("fixed", fixed);
   tree->SetBranchAddress("jagged", &jaggedAt);
   for (Long64_t i = 0; i < kEntries; ++i) {
      for (int c = 0; c < kColumns; ++c)
         f[c] = d[c] = Value(c, i);
      special = Special(i);
      number = int(i * 7);
      n = Elements(i);
      jagged.assign(n, float(i));
      for (int k = 0; k < n; ++k)
         counted[k] = Counted(i, k);
      for (int k = 0; k < 3; ++k)
         fixed[k] = Fixed(i, k);
      tree->Fill();
   }
   tree->Write("", TObject::kOverwrite);
   gSystem->Exit(0);
}
