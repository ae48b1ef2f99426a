/// \file versions.h
/// A file before compression and after it at several bounds, as columns of numbers. Used by the macros beside it.
#ifndef ROOTBALER_EVALUATION_SAMPLES_H
#define ROOTBALER_EVALUATION_SAMPLES_H

#include "../../root_macros/columns.h"

#include <TH1D.h>

#include <cmath>
#include <fstream>
#include <iomanip>
#include <map>
#include <sstream>

namespace Evaluation {

using Values = std::vector<double>;

/// The original (bound "0"), or what `rootbaler compress` made of it.
struct Version {
   TString fBound;
   std::unique_ptr<TFile> fFile;
   TTree *fTree;

   /// All values of one leaf; those of arrays one after the other.
   Values operator[](const char *name) const
   {
      auto *leaf = fTree->GetLeaf(name);
      if (!leaf)
         throw std::runtime_error(Form("%s: tree %s has no leaf %s", fFile->GetName(), fTree->GetName(), name));
      Values values;
      values.reserve(fTree->GetEntries());
      Columns::ForEach(*leaf, fTree->GetEntries(), [&](double x) { values.push_back(x); });
      return values;
   }
};

inline Version OpenVersion(const TString &path, const char *tree, const TString &bound)
{
   Version version{bound, Columns::Open(path), nullptr};
   version.fTree = version.fFile->Get<TTree>(tree);
   if (!version.fTree)
      throw std::runtime_error(Form("%s has no tree %s", path.Data(), tree));
   return version;
}

inline std::vector<TString> Split(const char *text)
{
   std::vector<TString> words;
   std::stringstream stream(text);
   for (std::string word; std::getline(stream, word, ',');)
      words.emplace_back(word);
   return words;
}

/// The original first, then FOLDER/NAME_BOUND.root for each of the bounds ("1e-2,bits12").
inline std::vector<Version> Versions(const char *original, const char *folder, const char *tree, const char *bounds)
{
   std::vector<Version> versions;
   versions.push_back(OpenVersion(original, tree, "0"));
   const TString stem = TString(gSystem->BaseName(original)).ReplaceAll(".root", "");
   for (const auto &bound : Split(bounds))
      versions.push_back(OpenVersion(Form("%s/%s_%s.root", folder, stem.Data(), bound.Data()), tree, bound));
   return versions;
}

/// A table as a CSV file, from which tables.py fills docs/EVALUATION.md.
class Csv {
public:
   Csv(const TString &path, const char *header) : fOut(path.Data())
   {
      if (!fOut)
         throw std::runtime_error(std::string(path.Data()) + " cannot be written");
      fOut << header << '\n';
   }

   template <typename... Cells>
   void Row(const Cells &...cells)
   {
      const char *separator = "";
      ((fOut << separator << std::setprecision(6) << cells, separator = ","), ...);
      fOut << '\n';
   }

private:
   std::ofstream fOut;
};

/// Dithered bounds end with a d.
inline bool IsDithered(const TString &bound)
{
   return bound.EndsWith("d");
}

/// "1e-3" as "10^{-3} #sigma", "1e-3d" as that, dithered, "bits12" as "12 bits of mantissa".
inline TString BoundTitle(const TString &bound)
{
   if (bound.BeginsWith("bits"))
      return TString(bound(4, bound.Length())) + " bits of mantissa";
   const int exponent = TString(bound(bound.Index("e") + 1, bound.Length())).Atoi();
   const TString factor = bound(0, bound.Index("e"));
   return (factor == "1" ? TString() : factor + " #times ") + Form("10^{%d}#sigma", exponent) +
          (IsDithered(bound) ? " dithered" : "");
}

/// Whether a picture shows this bound: three are enough.
inline bool IsDrawn(const TString &bound)
{
   return bound == "1e-2" || bound == "1e-3" || bound == "bits12";
}

inline TH1D *Histogram(const char *axes, int bins, double low, double high, const Values &values)
{
   auto *histogram = new TH1D("", axes, bins, low, high);
   histogram->SetDirectory(nullptr);
   for (double x : values)
      histogram->Fill(x);
   return histogram;
}

/// The largest |after - before| / sqrt(before) of the bins with at least 25 entries before.
inline double LargestPull(const TH1 &before, const TH1 &after)
{
   double largest = 0;
   for (int bin = 1; bin <= before.GetNbinsX(); ++bin) {
      const double n = before.GetBinContent(bin);
      if (n >= 25)
         largest = std::max(largest, std::fabs(after.GetBinContent(bin) - n) / std::sqrt(n));
   }
   return largest;
}

/// The largest distance of the two cumulative distributions (Kolmogorov and Smirnov), and its probability if the
/// samples were independent. They are the same events, so all but tiny effects give 1.
inline double KolmogorovDistance(Values before, Values after)
{
   std::sort(before.begin(), before.end());
   std::sort(after.begin(), after.end());
   double largest = 0;
   size_t j = 0;
   for (size_t i = 0; i < before.size();) {
      const double x = before[i];
      while (i < before.size() && before[i] <= x)
         ++i;
      while (j < after.size() && after[j] <= x)
         ++j;
      largest = std::max(largest, std::fabs(double(i) / before.size() - double(j) / after.size()));
   }
   return largest;
}

/// An event's invariant mass of two particles of mass m.
inline double PairMass(double pt1, double eta1, double phi1, double pt2, double eta2, double phi2, double m)
{
   const double px = pt1 * std::cos(phi1) + pt2 * std::cos(phi2), py = pt1 * std::sin(phi1) + pt2 * std::sin(phi2);
   const double pz = pt1 * std::sinh(eta1) + pt2 * std::sinh(eta2);
   const double e = std::hypot(pt1 * std::cosh(eta1), m) + std::hypot(pt2 * std::cosh(eta2), m);
   return std::sqrt(std::max(0., e * e - px * px - py * py - pz * pz));
}

} // namespace Evaluation

#endif
