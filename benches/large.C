/// \file large.C
/// Writes a file of any size for measuring memory and time: the entries of a tree again and again, its floats smeared
/// by one per mille each time, so that no two entries are alike. Branches of other types stay as they are.
///
///     root -l -b -q 'large.C("nano.root", "Events", "large.root", 5e9)'

#include <TBranch.h>
#include <TFile.h>
#include <TLeaf.h>
#include <TRandom3.h>
#include <TTree.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

constexpr double kSmearing = 1e-3;
constexpr int kLz4 = 404; // fast; what the input is compressed with does not matter

template <typename T>
void Smear(TLeaf &leaf, TRandom3 &random)
{
   auto *values = static_cast<T *>(leaf.GetValuePointer());
   for (int i = 0; i < leaf.GetLen(); ++i)
      if (std::isfinite(values[i]))
         values[i] *= 1 + kSmearing * random.Uniform(-1, 1);
}

void large(const char *inName, const char *treeName, const char *outName, double bytes)
{
   std::unique_ptr<TFile> in(TFile::Open(inName));
   auto *tree = in ? in->Get<TTree>(treeName) : nullptr;
   if (!tree || tree->GetEntries() == 0) {
      std::printf("no entries in tree %s of %s\n", treeName, inName);
      gSystem->Exit(1);
   }
   TTree::SetMaxTreeSize(1LL << 60); // else ROOT goes on in another file at 100 GB
   std::unique_ptr<TFile> out(TFile::Open(outName, "RECREATE", "", kLz4));
   std::unique_ptr<TTree> copy(tree->CloneTree(0));
   copy->SetDirectory(out.get());
   std::vector<TLeaf *> floats, doubles;
   for (TObject *object : *tree->GetListOfLeaves()) {
      auto *leaf = static_cast<TLeaf *>(object);
      const TString type = leaf->GetTypeName();
      if (leaf->GetBranch()->IsA() == TBranch::Class() && type == "Float_t")
         floats.push_back(leaf);
      if (leaf->GetBranch()->IsA() == TBranch::Class() && type == "Double_t")
         doubles.push_back(leaf);
   }
   TRandom3 random(1);
   for (Long64_t entry = 0; out->GetEND() < bytes; entry = (entry + 1) % tree->GetEntries()) {
      tree->GetEntry(entry);
      for (TLeaf *leaf : floats)
         Smear<float>(*leaf, random);
      for (TLeaf *leaf : doubles)
         Smear<double>(*leaf, random);
      copy->Fill();
   }
   const Long64_t entries = copy->GetEntries();
   out->cd();
   copy->Write();
   tree->ResetBranchAddresses();
   copy.reset();
   out->Close();
   std::printf("%s: %lld entries\n", outName, entries);
}
