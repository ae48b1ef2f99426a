/// \file compare.C
/// Compares the first leaves of all branches of two files value by value, element by element where they have a counter,
/// with plain ROOT reading and nothing of Verify():
/// |after - before| <= sigmas * standard deviation of the branch in its tree (0: bit by bit).
/// Prints "compared N values, M outside".

#include <TBranch.h>
#include <TFile.h>
#include <TKey.h>
#include <TLeaf.h>
#include <TTree.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

/// Values of all elements, or how many each entry has.
std::vector<double> Column(TTree &tree, const char *name, bool counts)
{
   std::vector<double> values;
   TBranch *branch = tree.GetBranch(name);
   auto *leaf = branch ? static_cast<TLeaf *>(branch->GetListOfLeaves()->At(0)) : nullptr;
   for (Long64_t i = 0; leaf && i < tree.GetEntries(); ++i) {
      const bool isRead = branch->GetEntry(i) >= 0;
      if (!isRead || counts)
         values.push_back(isRead ? leaf->GetLen() : std::nan("unreadable"));
      for (int k = 0; isRead && !counts && k < leaf->GetLen(); ++k)
         values.push_back(leaf->GetValue(k));
   }
   return values;
}

double Sigma(const std::vector<double> &values)
{
   double n = 0, sum = 0, squares = 0;
   for (double value : values)
      if (std::isfinite(value))
         n += 1, sum += value;
   for (double value : values)
      if (std::isfinite(value))
         squares += (value - sum / n) * (value - sum / n);
   return n > 0 ? std::sqrt(squares / n) : 0;
}

void compare(const char *nameBefore, const char *nameAfter, double sigmas)
{
   TFile before(nameBefore), after(nameAfter);
   long compared = 0, outside = 0;
   for (TObject *key : *before.GetListOfKeys()) {
      auto *one = before.Get<TTree>(key->GetName());
      auto *other = after.Get<TTree>(key->GetName());
      if (!one)
         continue;
      for (TObject *branch : *one->GetListOfBranches()) {
         const auto a = Column(*one, branch->GetName(), false);
         const auto b = other ? Column(*other, branch->GetName(), false) : std::vector<double>();
         outside += !other || Column(*one, branch->GetName(), true) != Column(*other, branch->GetName(), true);
         const double bound = sigmas * Sigma(a) * (1 + 1e-9);
         for (std::size_t i = 0; i < a.size(); ++i) {
            ++compared;
            const bool same = i < b.size() && std::memcmp(&a[i], &b[i], sizeof(double)) == 0;
            outside += !same && !(i < b.size() && std::fabs(a[i] - b[i]) <= bound);
         }
      }
   }
   std::printf("compared %ld values, %ld outside\n", compared, outside);
}
