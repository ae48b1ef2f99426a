/// \file visible.C
/// At which bound does a difference become visible beside the statistical error? Every branch of floats of some files
/// is histogrammed before and after, in 60 and in 600 bins, at a scan of bounds.
///
///     root -l -b -q 'visible.C("a.root,b.root", "compressed", "docs/evaluation", "1e-1,1e-2,1e-2d")'

#include "../../root_macros/analysis.C"
#include "../../root_macros/plots.h"
#include "versions.h"

#include <TGraph.h>
#include <TLegend.h>
#include <TLine.h>

using namespace Evaluation;

/// All branches of one file at one bound.
struct Comparison {
   int fBranches = 0, fVisible = 0;
   double fMedian = 0, fWorst = 0, fWorstFine = 0, fProbability = 1;
   TString fWorstBranch;
};

/// Branches that hold one value only, or a handful, cannot change: they come back exactly.
bool IsContinuous(Values values)
{
   std::sort(values.begin(), values.end());
   return std::unique(values.begin(), values.end()) - values.begin() > 100;
}

/// The range of a branch and its values before, by tree and branch.
struct Before {
   std::pair<double, double> fRange;
   Values fValues;
};
using Originals = std::map<std::pair<TString, TString>, Before>;

Originals ReadOriginals(const char *path)
{
   Originals originals;
   auto file = Columns::Open(path);
   for (auto *tree : Columns::Trees(*file))
      for (auto *leaf : Columns::FloatLeaves(*tree)) {
         Before before;
         Columns::ForEach(*leaf, tree->GetEntries(), [&](double x) {
            if (std::isfinite(x))
               before.fValues.push_back(x);
         });
         if (before.fValues.size() < 1000 || !IsContinuous(before.fValues))
            continue;
         before.fRange = Range(*leaf, tree->GetEntries());
         originals[{tree->GetName(), leaf->GetBranch()->GetName()}] = std::move(before);
      }
   return originals;
}

Comparison Compare(const Originals &originals, TFile &after)
{
   Comparison all;
   Values pulls;
   for (const auto &[name, before] : originals) {
      const Version version{"", nullptr, after.Get<TTree>(name.first)};
      if (!version.fTree)
         throw std::runtime_error(Form("%s has no tree %s", after.GetName(), name.first.Data()));
      const Values changed = version[name.second];
      const auto [low, high] = before.fRange;
      double pull[2];
      for (int fine : {0, 1}) {
         std::unique_ptr<TH1D> one{Histogram("", fine ? 600 : 60, low, high, before.fValues)};
         std::unique_ptr<TH1D> two{Histogram("", fine ? 600 : 60, low, high, changed)};
         pull[fine] = LargestPull(*one, *two);
      }
      pulls.push_back(pull[0]);
      ++all.fBranches;
      all.fVisible += pull[0] > 1;
      if (pull[0] > all.fWorst) {
         all.fWorst = pull[0];
         all.fWorstBranch = name.second;
      }
      all.fWorstFine = std::max(all.fWorstFine, pull[1]);
      const double distance = KolmogorovDistance(before.fValues, changed);
      all.fProbability =
         std::min(all.fProbability, TMath::KolmogorovProb(distance * std::sqrt(before.fValues.size() / 2.)));
   }
   std::sort(pulls.begin(), pulls.end());
   all.fMedian = pulls.empty() ? 0 : pulls[pulls.size() / 2];
   return all;
}

int visible(const char *originals, const char *folder, const char *outDir, const char *bounds)
{
   Plots::Style();
   TH1::AddDirectory(kFALSE);
   try {
      Csv csv(TString(outDir) + "/visible.csv", "file,bound,branches,median,largest,worst branch,branches above 1,"
                                                "largest in 600 bins,smallest KS probability");
      TCanvas canvas("c", "c", 1000, 750);
      canvas.SetMargin(0.13, 0.04, 0.14, 0.08);
      canvas.SetLogx();
      canvas.SetLogy();
      auto *frame = canvas.DrawFrame(
         7e-5, 0.0005, 0.5, 1500,
         ";Bound in units of the branch's #sigma;Largest difference of a bin / statistical error");
      Plots::Letters(*frame->GetXaxis(), 24, 1.2);
      Plots::Letters(*frame->GetYaxis(), 24, 1.4);
      TLine line(7e-5, 1, 0.5, 1);
      line.SetLineStyle(2);
      line.Draw();
      TLegend legend(0.42, 0.16, 0.90, 0.44);
      legend.SetTextFont(43);
      legend.SetTextSize(20);
      legend.SetFillStyle(0);
      int colour = 0;
      for (const auto &original : Split(originals)) {
         const TString name = TString(gSystem->BaseName(original)).ReplaceAll(".root", "");
         const auto before = ReadOriginals(original);
         auto *lattice = new TGraph, *dithered = new TGraph;
         for (const auto &bound : Split(bounds)) {
            const auto c = Compare(before, *Columns::Open(Form("%s/%s_%s.root", folder, name.Data(), bound.Data())));
            csv.Row(name, bound, c.fBranches, c.fMedian, c.fWorst, c.fWorstBranch, c.fVisible, c.fWorstFine,
                    c.fProbability);
            (IsDithered(bound) ? dithered : lattice)->AddPoint(bound.Atof(), c.fWorst);
         }
         for (auto *graph : {lattice, dithered}) {
            graph->SetLineColor(Plots::Colour(colour));
            graph->SetMarkerColor(Plots::Colour(colour));
            graph->SetLineWidth(2);
            graph->SetMarkerStyle(graph == lattice ? 20 : 24);
            graph->SetLineStyle(graph == lattice ? 1 : 7);
            graph->Draw("LP");
         }
         legend.AddEntry(lattice, name, "lp");
         legend.AddEntry(dithered, name + ", dithered", "lp");
         ++colour;
      }
      legend.Draw();
      Plots::Caption("#bf{RootBaler}", "worst branch, histograms of 60 bins");
      canvas.Print(Form("%s/visible.png", outDir));
   } catch (const std::exception &error) {
      return Columns::Fail("visible.C", error);
   }
   return 0;
}
