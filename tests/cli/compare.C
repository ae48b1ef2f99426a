/// \file compare.C
/// Compares the first leaves of all branches (of split ones, of all below) of two files value by value, element by
/// element where they have a counter, with plain ROOT reading and nothing of Verify():
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

/// The values of a leaf and how many each entry has.
struct Column {
   std::vector<double> fValues, fCounts;
};

/// The first leaves of a branch or, of a split one, of those below it.
void AddLeaves(TBranch &branch, std::vector<TLeaf *> &leaves)
{
   for (TObject *below : *branch.GetListOfBranches())
      AddLeaves(*static_cast<TBranch *>(below), leaves);
   if (branch.GetListOfBranches()->IsEmpty())
      leaves.push_back(static_cast<TLeaf *>(branch.GetListOfLeaves()->At(0)));
}

std::vector<Column> Columns(TTree &tree, const char *name)
{
   TBranch *branch = tree.GetBranch(name);
   std::vector<TLeaf *> leaves;
   if (branch)
      AddLeaves(*branch, leaves);
   std::vector<Column> columns(leaves.size());
   for (Long64_t i = 0; branch && i < tree.GetEntries(); ++i) {
      const bool isRead = branch->GetEntry(i) >= 0;
      for (std::size_t j = 0; j < leaves.size(); ++j) {
         columns[j].fCounts.push_back(isRead ? leaves[j]->GetLen() : std::nan("unreadable"));
         for (int k = 0; isRead && k < leaves[j]->GetLen(); ++k)
            columns[j].fValues.push_back(leaves[j]->GetValue(k));
      }
   }
   return columns;
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
         const auto columns = Columns(*one, branch->GetName());
         const auto others = other ? Columns(*other, branch->GetName()) : std::vector<Column>();
         outside += !other || columns.size() != others.size();
         for (std::size_t c = 0; c < columns.size() && c < others.size(); ++c) {
            const auto &a = columns[c].fValues, &b = others[c].fValues;
            outside += columns[c].fCounts != others[c].fCounts;
            const double bound = sigmas * Sigma(a) * (1 + 1e-9);
            for (std::size_t i = 0; i < a.size(); ++i) {
               ++compared;
               const bool same = i < b.size() && std::memcmp(&a[i], &b[i], sizeof(double)) == 0;
               outside += !same && !(i < b.size() && std::fabs(a[i] - b[i]) <= bound);
            }
         }
      }
   }
   std::printf("compared %ld values, %ld outside\n", compared, outside);
}
