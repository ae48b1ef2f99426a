/// \file error_distribution.C
/// Draws the error of every value in units of the bound its branch was promised, a row for each branch.
///
///     root -l -b -q 'error_distribution.C("original.root", "compressed.root", "plots")'
///
/// The bounds come from the compressed file. Every value must lie between -1 and 1; exact branches are not drawn, but
/// checked.

#include "columns.h"
#include "plots.h"

#include <RootBaler/Codec.h>

#include <TH1D.h>
#include <TH2D.h>
#include <TLine.h>

#include <cmath>
#include <iostream>
#include <memory>

R__LOAD_LIBRARY(libRootBaler)

/// How many branches fit on one plot.
constexpr size_t kBranchesPerPage = 40;
constexpr int kErrorBins = 44;
constexpr double kErrorRange = 1.1;

/// The largest error that `bound` allows for a value: "abs=E", "bits=K" (half of the last of K bits of mantissa), 0 if
/// it must be exact.
double Allowed(const TString &bound, double value)
{
   if (bound.BeginsWith("abs="))
      return TString(bound(4, bound.Length())).Atof();
   if (bound.BeginsWith("bits=") && value != 0)
      return std::ldexp(1., std::ilogb(value) - 1 - TString(bound(5, bound.Length())).Atoi());
   return 0;
}

/// The errors of one branch, as fractions of its values.
struct BranchErrors {
   TString fName;
   std::unique_ptr<TH1D> fFractions;
   double fWorst = 0;
};

BranchErrors Errors(TLeaf &before, TLeaf &after, const TString &bound, Long64_t entries)
{
   BranchErrors errors{Columns::Name(before), std::make_unique<TH1D>("", "", kErrorBins, -kErrorRange, kErrorRange)};
   errors.fFractions->SetDirectory(nullptr);
   Columns::ForEachPair(before, after, entries, [&](double x, double y) {
      if (std::isnan(x) && std::isnan(y))
         return;
      const double error = y - x, allowed = Allowed(bound, x);
      if (error != 0 && allowed == 0)
         throw std::runtime_error(Form("branch %s must be exact, but %.9g became %.9g", errors.fName.Data(), x, y));
      const double units = error == 0 ? 0 : error / allowed;
      errors.fWorst = std::max(errors.fWorst, std::fabs(units));
      // Bins are open above: an error of exactly the bound belongs below its line.
      errors.fFractions->Fill(units * (1 - 1e-9));
   });
   if (errors.fFractions->GetEntries() > 0)
      errors.fFractions->Scale(1. / errors.fFractions->GetEntries());
   return errors;
}

void DrawLimits(double low, double high)
{
   for (double x : {-1., 1.}) {
      auto *line = new TLine(x, low, x, high);
      line->SetLineColor(Plots::Colour(1));
      line->SetLineStyle(2);
      line->SetLineWidth(2);
      line->Draw();
   }
}

/// One page: above the mean of all branches, below a row for each.
void DrawErrors(const char *tree, const BranchErrors *first, size_t n, const TString &png, const TString &pdf)
{
   const double rows = 22. * n + 130, top = 300, height = rows + top;
   TCanvas canvas("errors", "errors", 1000, static_cast<int>(height));
   auto *sumPad = new TPad("sum", "", 0, rows / height, 1, 1);
   auto *rowPad = new TPad("rows", "", 0, 0, 1, rows / height);
   sumPad->SetMargin(0.30, 0.17, 0.03, 0.18);
   rowPad->SetMargin(0.30, 0.17, 100 / rows, 8 / rows);
   sumPad->Draw();
   rowPad->Draw();

   TH1D sum("sum", ";;Fraction of values", kErrorBins, -kErrorRange, kErrorRange);
   TH2D table("table", ";(compressed #minus original) / bound;;Fraction of values", kErrorBins, -kErrorRange,
              kErrorRange, n, 0, n);
   double worst = 0;
   for (size_t i = 0; i < n; ++i) {
      sum.Add(first[i].fFractions.get(), 1. / n);
      worst = std::max(worst, first[i].fWorst);
      const int row = n - i;
      table.GetYaxis()->SetBinLabel(row, first[i].fName);
      for (int bin = 1; bin <= kErrorBins; ++bin)
         table.SetBinContent(bin, row, first[i].fFractions->GetBinContent(bin));
   }

   sumPad->cd();
   sum.SetLineColor(Plots::Colour(0));
   sum.SetLineWidth(2);
   sum.SetFillColorAlpha(Plots::Colour(0), 0.18);
   sum.SetMaximum(1.25 * sum.GetMaximum());
   sum.SetMinimum(0);
   sum.GetXaxis()->SetLabelSize(0);
   sum.GetYaxis()->SetNdivisions(505);
   Plots::Letters(*sum.GetYaxis(), 22, 2.6);
   sum.Draw("HIST");
   DrawLimits(0, sum.GetMaximum());
   Plots::Caption(Form("#bf{RootBaler}  %s", tree), Form("largest |error| / bound = %.4f", worst));
   sumPad->RedrawAxis();

   rowPad->cd();
   // Values that are kept exactly pile up at 0; without a limit they would hide the shape of all others.
   table.SetMaximum(3. / kErrorBins);
   table.SetMinimum(0);
   Plots::Letters(*table.GetXaxis(), 22, 1.2);
   Plots::Letters(*table.GetYaxis(), 17, 1);
   Plots::Letters(*table.GetZaxis(), 20, 2.3);
   table.GetYaxis()->SetTickLength(0);
   table.Draw("COLZ");
   DrawLimits(0, n);
   rowPad->RedrawAxis();
   Plots::Save(canvas, png, pdf);
}

int error_distribution(const char *original, const char *compressed, const char *outDir = "plots")
{
   Plots::Style();
   try {
      gSystem->mkdir(outDir, kTRUE);
      auto before = Columns::Open(original), after = Columns::Open(compressed);
      const TString pdf = TString(outDir) + "/error_distribution.pdf";
      TCanvas("book", "book", 1000, 900).Print(pdf + "[");
      for (auto *tree : Columns::Trees(*before)) {
         auto *packed = after->Get<TTree>(tree->GetName());
         if (!packed || packed->GetEntries() != tree->GetEntries())
            throw std::runtime_error(Form("%s has no tree %s with %lld entries", compressed, tree->GetName(),
                                          tree->GetEntries()));
         auto *codec = RootBaler::Codec::Of(packed);
         std::vector<BranchErrors> branches;
         for (auto *leaf : Columns::FloatLeaves(*tree)) {
            auto *twin = packed->GetLeaf(leaf->GetBranch()->GetName(), leaf->GetName());
            if (!twin)
               throw std::runtime_error(Form("%s: tree %s has no branch %s", compressed, tree->GetName(),
                                             leaf->GetBranch()->GetName()));
            const TString bound = codec ? codec->GetBound(leaf->GetBranch()->GetName()) : "lossless";
            auto errors = Errors(*leaf, *twin, bound, tree->GetEntries());
            if (bound != "lossless")
               branches.push_back(std::move(errors));
         }
         for (size_t first = 0; first < branches.size(); first += kBranchesPerPage) {
            const TString page = branches.size() > kBranchesPerPage ? Form("_%zu", first / kBranchesPerPage + 1) : "";
            DrawErrors(tree->GetName(), &branches[first], std::min(kBranchesPerPage, branches.size() - first),
                       Form("%s/error_%s%s.png", outDir, tree->GetName(), page.Data()), pdf);
         }
         std::cout << tree->GetName() << ": errors of " << branches.size() << " branches in units of their bounds\n";
      }
      TCanvas("book", "book", 1000, 900).Print(pdf + "]");
   } catch (const std::exception &error) {
      return Columns::Fail("error_distribution.C", error);
   }
   return 0;
}
