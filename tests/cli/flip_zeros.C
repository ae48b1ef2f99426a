/// \file flip_zeros.C
/// Copies the tree "t" of zeros.root with the sign of every zero changed.

#include <TFile.h>
#include <TTree.h>

void flip_zeros(const char *from, const char *to)
{
   TFile before(from), after(to, "RECREATE");
   auto *old = before.Get<TTree>("t");
   float x;
   double y;
   old->SetBranchAddress("x", &x);
   old->SetBranchAddress("y", &y);
   after.cd();
   TTree tree("t", old->GetTitle());
   tree.Branch("x", &x);
   tree.Branch("y", &y);
   for (Long64_t i = 0; i < old->GetEntries(); ++i) {
      old->GetEntry(i);
      x = x == 0 ? -x : x;
      y = y == 0 ? -y : y;
      tree.Fill();
   }
   tree.Write();
   old->ResetBranchAddresses();
}
