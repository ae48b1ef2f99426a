/// \file errors.C
/// Are the errors flat, without bias, independent of the value and of each other? Numbers for every branch of floats
/// with an absolute bound, and a picture for one file.
///
///     root -l -b -q 'errors.C("a.root,b.root", "compressed", "docs/evaluation", "1e-3")'

#include "versions.h"

#include "../../root_macros/plots.h"

#include <RootBaler/Codec.h>

#include <TH2D.h>

R__LOAD_LIBRARY(libRootBaler)

using namespace Evaluation;

/// Branches with values that are often repeated come back exactly there: their errors are no flat distribution.
constexpr double kOftenExact = 0.05;

struct Errors {
   TString fBranch;
   Values fUnits;  ///< (after - before) / bound
   double fExact = 0, fMean = 0, fRms = 0, fWithValue = 0, fFlatness = 0, fWorst = 0;
};

double Correlation(const Values &x, const Values &y)
{
   double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
   for (size_t i = 0; i < x.size(); ++i) {
      sx += x[i];
      sy += y[i];
   }
   sx /= x.size();
   sy /= x.size();
   for (size_t i = 0; i < x.size(); ++i) {
      sxx += (x[i] - sx) * (x[i] - sx);
      syy += (y[i] - sy) * (y[i] - sy);
      sxy += (x[i] - sx) * (y[i] - sy);
   }
   return sxx > 0 && syy > 0 ? sxy / std::sqrt(sxx * syy) : 0;
}

Errors ErrorsOf(const TString &branch, double bound, const Values &before, const Values &after)
{
   Errors e{branch, {}};
   Values value;
   for (size_t i = 0; i < before.size(); ++i) {
      if (!std::isfinite(before[i]))
         continue;
      e.fUnits.push_back((after[i] - before[i]) / bound);
      value.push_back(before[i]);
      e.fExact += after[i] == before[i];
      e.fMean += e.fUnits.back();
      e.fRms += e.fUnits.back() * e.fUnits.back();
      e.fWorst = std::max(e.fWorst, std::fabs(e.fUnits.back()));
   }
   const double n = e.fUnits.size();
   e.fExact /= n;
   e.fMean /= n;
   e.fRms = std::sqrt(e.fRms / n);
   e.fWithValue = Correlation(e.fUnits, value);
   Values sorted = e.fUnits;
   std::sort(sorted.begin(), sorted.end());
   for (size_t i = 0; i < sorted.size(); ++i)
      e.fFlatness = std::max(e.fFlatness, std::fabs((i + 0.5) / n - 0.5 * (1 + sorted[i])));
   return e;
}

void DrawMatrix(const char *png, const std::vector<Errors> &columns)
{
   const int n = columns.size();
   TCanvas canvas("matrix", "matrix", 900, 800);
   canvas.SetMargin(0.12, 0.19, 0.11, 0.08);
   TH2D matrix("m", ";;;Correlation of errors", n, 0, n, n, 0, n);
   for (int i = 0; i < n; ++i) {
      matrix.GetXaxis()->SetBinLabel(i + 1, columns[i].fBranch);
      matrix.GetYaxis()->SetBinLabel(n - i, columns[i].fBranch);
      for (int j = 0; j < n; ++j)
         if (i != j)
            matrix.SetBinContent(i + 1, n - j, Correlation(columns[i].fUnits, columns[j].fUnits));
   }
   matrix.SetMinimum(-0.02);
   matrix.SetMaximum(0.02);
   Plots::Letters(*matrix.GetXaxis(), 22, 1);
   Plots::Letters(*matrix.GetYaxis(), 22, 1);
   Plots::Letters(*matrix.GetZaxis(), 22, 2);
   matrix.Draw("COLZ");
   Plots::Caption("#bf{RootBaler}",
                  Form("#pm 0.02 is %.1f statistical errors", 0.02 * std::sqrt(columns[0].fUnits.size())));
   canvas.Print(png);
}

void DrawFlat(const char *png, const std::vector<Errors> &columns)
{
   TCanvas canvas("flat", "flat", 1000, 620);
   canvas.SetMargin(0.12, 0.04, 0.14, 0.09);
   auto *frame = canvas.DrawFrame(-1.15, 0, 1.15, 1.35,
                                  ";(after #minus before) / bound;Values relative to a flat distribution");
   Plots::Letters(*frame->GetXaxis(), 24, 1.1);
   Plots::Letters(*frame->GetYaxis(), 24, 1.2);
   for (size_t i = 0; i < columns.size(); ++i) {
      auto *h = Histogram("", 46, -1.15, 1.15, columns[i].fUnits);
      h->Scale(2. / (h->GetBinWidth(1) * columns[i].fUnits.size()));
      h->SetLineColorAlpha(Plots::Colour(i), 0.7);
      h->SetLineWidth(2);
      h->Draw("HIST SAME");
   }
   Plots::Caption("#bf{RootBaler}", Form("CMS 2010 dimuons, %zu branches, 10^{-3}#sigma", columns.size()));
   canvas.Print(png);
}

int errors(const char *originals, const char *folder, const char *outDir, const char *bound)
{
   Plots::Style();
   try {
      Csv branches(TString(outDir) + "/errors_branches.csv",
                   "file,tree,branch,values,exact,mean,rms x sqrt3,correlation with value,distance from flat,worst");
      Csv files(TString(outDir) + "/errors.csv",
                "file,branches,largest mean,smallest rms x sqrt3,largest rms x sqrt3,largest correlation with value,"
                "largest correlation of two errors,4 statistical errors,largest error");
      for (const auto &original : Split(originals)) {
         double mean = 0, low = INFINITY, high = 0, withValue = 0, mutual = 0, worst = 0, rows = INFINITY;
         int n = 0;
         const TString name = TString(gSystem->BaseName(original)).ReplaceAll(".root", "");
         auto file = Columns::Open(original);
         for (auto *tree : Columns::Trees(*file)) {
            const TString treeName = tree->GetName();
            const auto versions = Versions(original, folder, treeName, bound);
            auto *codec = RootBaler::Codec::Of(versions[1].fTree);
            if (!codec)
               throw std::runtime_error(Form("tree %s has no codec", treeName.Data()));
            std::vector<Errors> columns;
            for (auto *leaf : Columns::FloatLeaves(*versions[0].fTree)) {
               const TString branch = leaf->GetBranch()->GetName(), promised = codec->GetBound(branch.Data());
               if (!promised.BeginsWith("abs="))
                  continue;
               auto e = ErrorsOf(branch, TString(promised(4, promised.Length())).Atof(), versions[0][branch],
                                 versions[1][branch]);
               branches.Row(name, treeName, branch, e.fUnits.size(), e.fExact, e.fMean, e.fRms * std::sqrt(3.),
                            e.fWithValue, e.fFlatness, e.fWorst);
               worst = std::max(worst, e.fWorst);
               if (e.fExact > kOftenExact || e.fUnits.size() < 1000)
                  continue;
               ++n;
               mean = std::max(mean, std::fabs(e.fMean));
               low = std::min(low, e.fRms * std::sqrt(3.));
               high = std::max(high, e.fRms * std::sqrt(3.));
               withValue = std::max(withValue, std::fabs(e.fWithValue));
               rows = std::min(rows, double(e.fUnits.size()));
               for (const auto &other : columns)
                  if (other.fUnits.size() == e.fUnits.size())
                     mutual = std::max(mutual, std::fabs(Correlation(other.fUnits, e.fUnits)));
               columns.push_back(std::move(e));
            }
            if (name.BeginsWith("cms_dimuon")) {
               DrawMatrix(Form("%s/errors_matrix.png", outDir), columns);
               DrawFlat(Form("%s/errors_flat.png", outDir), columns);
            }
         }
         files.Row(name, n, mean, low, high, withValue, mutual, 4 / std::sqrt(rows), worst);
      }
   } catch (const std::exception &error) {
      return Columns::Fail("errors.C", error);
   }
   return 0;
}
