// SetBranchAddress and GetEntry: backwards over all entries, and from anywhere with baskets dropped in between.
#include "tree.h"
#include <TFile.h>
#include <TTree.h>

void address(std::string path)
{
   TFile file(path.c_str());
   auto *tree = file.Get<TTree>("t");
   float f[kColumns], counted[10];
   double d[kColumns];
   int n;
   for (int c = 0; c < kColumns; ++c)
      IsDouble(c) ? tree->SetBranchAddress(Name(c).c_str(), &d[c]) : tree->SetBranchAddress(Name(c).c_str(), &f[c]);
   tree->SetBranchAddress("n", &n);
   tree->SetBranchAddress("counted", counted);
   auto check = [&](Long64_t i, const char *how) {
      Require(tree->GetEntry(i) > 0, "GetEntry");
      for (int c = 0; c < kColumns; ++c)
         RequireClose(IsDouble(c) ? d[c] : f[c], c, i, how);
      Require(n == Elements(i), how);
      for (int k = 0; k < n; ++k)
         Require(counted[k] == Counted(i, k), how);
   };
   for (Long64_t i = kEntries - 1; i >= 0; --i)
      check(i, "backwards");
   for (Long64_t k = 0; k < 300; ++k) {
      check((k * 7919) % kEntries, "random access");
      if (k % 50 == 0)
         tree->DropBaskets();
   }
   Require(tree->LoadBaskets() > 0, "LoadBaskets");
   check(12345, "all baskets in memory");
   gSystem->Exit(0);
}
