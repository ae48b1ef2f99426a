/// \file kept.C
/// Writes the input files of promise.rs into a folder, and compares with plain ROOT what became of them.

#include <TDirectory.h>
#include <TFile.h>
#include <TKey.h>
#include <TLeaf.h>
#include <TRandom3.h>
#include <TTree.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

/// Trees of one name, with the same branch, in two folders: one spreads a million times as far as the other.
void Scales(const TString &name)
{
   TFile file(name, "RECREATE");
   TRandom3 random(1);
   for (const bool far : {false, true}) {
      file.mkdir(far ? "far" : "near")->cd();
      TTree tree("hits", "");
      float x, y[3];
      tree.Branch("x", &x);
      tree.Branch("y", y, "y[3]/F");
      for (int i = 0; i < 5000; ++i) {
         x = random.Gaus() * (far ? 1e6 : 1);
         for (float &value : y)
            value = random.Gaus() * (far ? 1 : 1e3);
         tree.Fill();
      }
      tree.Write();
   }
}

/// A file with one tree: `make` makes its branches, `next` says the values of an entry.
template <typename Make, typename Next>
void WriteTree(const TString &name, UInt_t seed, int entries, const Make &make, const Next &next)
{
   TFile file(name, "RECREATE");
   TRandom3 random(seed);
   TTree tree("t", "");
   make(tree);
   for (int i = 0; i < entries; ++i) {
      next(random, i);
      tree.Fill();
   }
   tree.Write();
}

/// Zeros of either sign.
void Zeros(const TString &name)
{
   float x;
   double y;
   const auto make = [&](TTree &tree) {
      tree.Branch("x", &x);
      tree.Branch("y", &y);
   };
   WriteTree(name, 2, 5000, make, [&](TRandom3 &random, int i) {
      x = i % 2 ? -0.0f : (i % 4 ? 0.0f : random.Gaus());
      y = i % 10 ? random.Gaus() : (i % 20 ? -0.0 : 0.0);
   });
}

/// One value in half a million makes the standard deviation; another branch has sentinels.
void HeavyTail(const TString &name)
{
   double x;
   float y;
   const auto make = [&](TTree &tree) {
      tree.Branch("x", &x);
      tree.Branch("y", &y);
   };
   WriteTree(name, 3, 500000, make, [&](TRandom3 &random, int i) {
      x = i == 12345 ? 1e6 : random.Gaus();
      y = i % 3 ? random.Gaus() : (i % 2 ? -999 : 9.9e9);
   });
}

/// Events of which most have no jets: masses of nothing.
void MissingJets(const TString &name)
{
   float pt1, eta1, phi1, pt2, eta2, phi2, tag, weight;
   const auto make = [&](TTree &tree) {
      for (const auto &branch : std::vector<std::pair<const char *, float *>>{
              {"pt1", &pt1}, {"eta1", &eta1}, {"phi1", &phi1}, {"pt2", &pt2}, {"eta2", &eta2}, {"phi2", &phi2},
              {"tag", &tag}, {"weight", &weight}})
         tree.Branch(branch.first, branch.second);
   };
   WriteTree(name, 4, 3000, make, [&](TRandom3 &random, int) {
      tag = random.Rndm() < 0.4;
      for (float *value : {&pt1, &eta1, &phi1, &pt2, &eta2, &phi2})
         *value = tag * (1 + random.Rndm());
      weight = 30 + 20 * tag * (1 + random.Rndm());
   });
}

std::vector<double> Values(TTree &tree, const char *name)
{
   std::vector<double> values;
   auto *leaf = static_cast<TLeaf *>(tree.GetBranch(name)->GetListOfLeaves()->At(0));
   for (Long64_t i = 0; i < tree.GetEntries(); ++i) {
      tree.GetBranch(name)->GetEntry(i);
      for (int k = 0; k < leaf->GetLen(); ++k)
         values.push_back(leaf->GetValue(k));
   }
   return values;
}

/// Far-off repeated values, which have to be those that the macro wrote.
bool IsSentinel(double value)
{
   return value == -999 || value == float(9.9e9);
}

double Sigma(const std::vector<double> &values)
{
   double n = 0, sum = 0, squares = 0;
   for (double value : values)
      if (!IsSentinel(value))
         n += 1, sum += value;
   for (double value : values)
      if (!IsSentinel(value))
         squares += (value - sum / n) * (value - sum / n);
   return std::sqrt(squares / n);
}

void Compare(TDirectory &before, TDirectory &after, double sigmas, long &compared, long &outside)
{
   for (TObject *object : *before.GetListOfKeys()) {
      const char *name = object->GetName();
      if (static_cast<TKey *>(object)->IsFolder() && before.GetDirectory(name)) {
         Compare(*before.GetDirectory(name), *after.GetDirectory(name), sigmas, compared, outside);
         continue;
      }
      auto *one = before.Get<TTree>(name);
      auto *other = after.Get<TTree>(name);
      for (TObject *branch : *one->GetListOfBranches()) {
         const auto a = Values(*one, branch->GetName());
         const auto b = Values(*other, branch->GetName());
         const double bound = sigmas * Sigma(a);
         for (std::size_t i = 0; i < a.size(); ++i) {
            const bool isSame = std::memcmp(&a[i], &b[i], sizeof(double)) == 0;
            const bool mustBe = a[i] == 0 || IsSentinel(a[i]);
            ++compared;
            outside += !isSame && (mustBe || !(std::fabs(a[i] - b[i]) <= bound));
         }
      }
   }
}

/// Writes the files if there is nothing to compare.
void kept(const char *before, const char *after = "", double sigmas = 0)
{
   if (*after == 0) {
      const TString to = TString(before) + "/";
      Scales(to + "scales.root");
      Zeros(to + "zeros.root");
      HeavyTail(to + "heavy.root");
      MissingJets(to + "jets.root");
      return;
   }
   TFile one(before), other(after);
   long compared = 0, outside = 0;
   Compare(one, other, sigmas, compared, outside);
   std::printf("compared %ld values, %ld outside\n", compared, outside);
}
