// Copies a tree with fewer mantissa bits in its floats, rounded to nearest, as experiments do for NanoAOD.
//
//   root -l -b -q 'benches/truncate.C("nano.root","Events","nano_10bits.root",10)'
#include <TBranch.h>
#include <TFile.h>
#include <TLeaf.h>
#include <TTree.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <memory>
#include <vector>

namespace {

struct Column {
   TLeaf *fLeaf;
   std::vector<float> fValues;
};

float Rounded(float x, int bits)
{
   std::uint32_t word;
   std::memcpy(&word, &x, sizeof word);
   const int shift = 23 - bits;
   if (!std::isfinite(x) || shift <= 0)
      return x;
   word = (word + (1u << (shift - 1))) >> shift << shift;
   std::memcpy(&x, &word, sizeof word);
   return x;
}

} // namespace

int truncate(const char *source, const char *name, const char *target, int bits = 10)
{
   std::unique_ptr<TFile> in(TFile::Open(source));
   auto *tree = in ? in->Get<TTree>(name) : nullptr;
   if (!tree) {
      std::cerr << source << " has no tree " << name << "\n";
      return 1;
   }
   std::vector<std::unique_ptr<Column>> columns;
   for (TObject *object : *tree->GetListOfBranches()) {
      auto *branch = static_cast<TBranch *>(object);
      TLeaf *leaf = branch->GetLeaf(branch->GetName());
      if (branch->GetNleaves() != 1 || !leaf || std::strcmp(leaf->GetTypeName(), "Float_t") != 0)
         continue;
      const int most = leaf->GetLenStatic() * (leaf->GetLeafCount() ? leaf->GetLeafCount()->GetMaximum() : 1);
      columns.push_back(std::make_unique<Column>(Column{leaf, std::vector<float>(std::max(1, most))}));
      tree->SetBranchAddress(branch->GetName(), columns.back()->fValues.data());
   }
   TFile out(target, "RECREATE", "", 505);
   TTree *copy = tree->CloneTree(0);
   for (Long64_t entry = 0; entry < tree->GetEntries(); ++entry) {
      tree->GetEntry(entry);
      for (auto &column : columns)
         for (int i = 0; i < column->fLeaf->GetLen(); ++i)
            column->fValues[i] = Rounded(column->fValues[i], bits);
      copy->Fill();
   }
   out.Write();
   std::cout << target << ": " << columns.size() << " branches of floats with " << bits << " bits of mantissa\n";
   return 0;
}
