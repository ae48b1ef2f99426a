/// \file compare.C
/// Draws the histograms of analysis.C before and after compression, each with a ratio panel, as PDF and, where ROOT
/// can, PNG.
///
///     root -l -b -q 'compare.C("hist_original.root", "hist_compressed.root", "plots", "hist_decompressed.root")'
///
/// Histograms of the same name in several folders (trees) are drawn in one plot. The thin lines in the ratio
/// panel are the statistical uncertainty of the original.

#include "columns.h"
#include "plots.h"

#include <TGraph.h>
#include <TH1D.h>
#include <TLegend.h>
#include <TLine.h>

#include <cmath>
#include <iostream>
#include <memory>

/// One histogram of one tree before compression, after it, and after decompression (may be missing).
struct Sample {
   TString fTree;
   TH1 *fBefore, *fAfter, *fPlain;
};

TString TreeTitle(const TString &tree)
{
   return tree == "sig_tree" ? "Signal" : tree == "bkg_tree" ? "Background" : tree;
}

TH1 *Find(TFile *file, const TString &tree, const TString &name)
{
   return file ? file->Get<TH1>(tree + "/" + name) : nullptr;
}

/// The largest difference from 1 among the bins that count for something.
double LargestDeviation(const Sample &s)
{
   double largest = 0;
   for (int bin = 1; bin <= s.fBefore->GetNbinsX(); ++bin) {
      const double before = s.fBefore->GetBinContent(bin);
      if (before >= 50)
         largest = std::max(largest, std::fabs(s.fAfter->GetBinContent(bin) / before - 1));
   }
   return largest;
}

/// Points of after / before; bins that are empty before have no ratio and get no point.
TGraph *Ratio(const TH1 &before, const TH1 &after, double shift)
{
   auto *graph = new TGraph;
   for (int bin = 1; bin <= before.GetNbinsX(); ++bin)
      if (before.GetBinContent(bin) > 0)
         graph->AddPoint(before.GetBinCenter(bin) + shift * before.GetBinWidth(bin),
                         after.GetBinContent(bin) / before.GetBinContent(bin));
   return graph;
}

/// The statistical uncertainty of the original as two steps of 1 + sign * relative error.
TH1D *Uncertainty(const TH1 &before, int sign)
{
   const auto *axis = before.GetXaxis();
   auto *steps = new TH1D("", "", axis->GetNbins(), axis->GetXmin(), axis->GetXmax());
   for (int bin = 1; bin <= before.GetNbinsX(); ++bin) {
      const double n = before.GetBinContent(bin);
      steps->SetBinContent(bin, 1 + sign * (n > 0 ? before.GetBinError(bin) / n : 1));
   }
   return steps;
}

/// The smallest relative statistical uncertainty of a histogram.
double BestPrecision(const TH1 &before)
{
   const int bin = before.GetMaximumBin();
   return before.GetBinContent(bin) > 0 ? before.GetBinError(bin) / before.GetBinContent(bin) : 0;
}

void DrawMain(const std::vector<Sample> &samples, TPad &pad)
{
   pad.cd();
   double top = 0;
   for (const auto &s : samples)
      top = std::max({top, s.fBefore->GetMaximum(), s.fAfter->GetMaximum()});
   // Few rows of the legend fit above the tallest bin; every tree adds one.
   const double room = 1.28 + 0.07 * samples.size();
   auto *legend = new TLegend(0.42, 0.88 - 0.062 * (1 + samples.size()), 0.95, 0.89);
   legend->SetTextFont(43);
   legend->SetTextSize(24);
   legend->SetNColumns(2);
   legend->SetFillStyle(0);
   bool first = true;
   for (size_t i = 0; i < samples.size(); ++i) {
      auto &s = samples[i];
      const Int_t colour = Plots::Colour(i);
      s.fBefore->SetLineColor(colour);
      s.fBefore->SetLineWidth(2);
      if (first)
         s.fBefore->SetFillColorAlpha(colour, 0.18);
      s.fAfter->SetMarkerColor(colour);
      s.fAfter->SetLineColor(colour);
      s.fAfter->SetMarkerStyle(20);
      s.fAfter->SetMarkerSize(0.9);
      if (first) {
         auto *frame = s.fBefore;
         frame->SetMaximum(room * top);
         frame->SetMinimum(0);
         Plots::Letters(*frame->GetYaxis(), 24, 1.9);
         frame->GetXaxis()->SetLabelSize(0);
         frame->GetXaxis()->SetTitleSize(0);
      }
      s.fBefore->Draw(first ? "HIST" : "HIST SAME");
      s.fAfter->Draw("P SAME");
      const TString tree = samples.size() > 1 ? TreeTitle(s.fTree) + ": " : "";
      legend->AddEntry(s.fBefore, tree + "original", first ? "lf" : "l");
      legend->AddEntry(s.fAfter, "compressed", "p");
      if (s.fPlain) {
         s.fPlain->SetMarkerColor(kBlack);
         s.fPlain->SetMarkerStyle(24);
         s.fPlain->SetMarkerSize(1.2);
         s.fPlain->Draw("P SAME");
      }
      first = false;
   }
   auto *uncertainty = new TLine;
   uncertainty->SetLineColor(kGray + 2);
   legend->AddEntry(uncertainty, "stat. unc. (original)", "l");
   if (samples.front().fPlain)
      legend->AddEntry(samples.front().fPlain, "decompressed", "p");
   legend->Draw();
   pad.RedrawAxis();
}

void DrawRatio(const std::vector<Sample> &samples, TPad &pad)
{
   pad.cd();
   double largest = 0;
   for (const auto &s : samples)
      largest = std::max({largest, LargestDeviation(s), 1.2 * BestPrecision(*s.fBefore)});
   const double span = Plots::RoundSpan(largest);
   auto *before = samples.front().fBefore;
   const double low = before->GetXaxis()->GetXmin(), high = before->GetXaxis()->GetXmax();
   auto *frame = pad.DrawFrame(low, 1 - 1.25 * span, high, 1 + 1.25 * span);
   Plots::Letters(*frame->GetXaxis(), 24, 1.1);
   Plots::Letters(*frame->GetYaxis(), 24, 1.9);
   frame->GetXaxis()->SetTitle(before->GetXaxis()->GetTitle());
   frame->GetXaxis()->SetTickLength(0.08);
   frame->GetYaxis()->SetTitle("After / before");
   frame->GetYaxis()->CenterTitle();
   frame->GetYaxis()->SetNdivisions(504);
   for (size_t i = 0; i < samples.size(); ++i)
      for (int sign : {-1, 1}) {
         auto *steps = Uncertainty(*samples[i].fBefore, sign);
         steps->SetLineColorAlpha(Plots::Colour(i), 0.6);
         steps->Draw("HIST SAME");
      }
   auto *one = new TLine(low, 1, high, 1);
   one->SetLineStyle(2);
   one->Draw();
   for (size_t i = 0; i < samples.size(); ++i) {
      // Neighbouring samples stand side by side, not on top of each other.
      const double shift = samples.size() > 1 ? 0.3 * (i / (samples.size() - 1.) - 0.5) : 0;
      auto *points = Ratio(*samples[i].fBefore, *samples[i].fAfter, shift);
      points->SetMarkerColor(Plots::Colour(i));
      points->SetMarkerStyle(20);
      points->SetMarkerSize(0.9);
      points->Draw("P SAME");
      if (samples[i].fPlain) {
         auto *plain = Ratio(*samples[i].fBefore, *samples[i].fPlain, shift);
         plain->SetMarkerStyle(24);
         plain->SetMarkerSize(1.2);
         plain->Draw("P SAME");
      }
   }
   pad.RedrawAxis();
}

int compare(const char *original, const char *compressed, const char *outDir = "plots", const char *decompressed = "")
{
   Plots::Style();
   TH1::AddDirectory(kFALSE);
   try {
      gSystem->mkdir(outDir, kTRUE);
      auto before = Columns::Open(original), after = Columns::Open(compressed);
      std::unique_ptr<TFile> plain{*decompressed ? Columns::Open(decompressed) : nullptr};

      // Name of the histogram, then one sample for each tree that has it, in the order of the file.
      std::vector<std::pair<TString, std::vector<Sample>>> plots;
      for (auto *key : *before->GetListOfKeys()) {
         const TString tree = key->GetName();
         auto *folder = before->Get<TDirectory>(tree);
         if (!folder)
            continue;
         for (auto *entry : *folder->GetListOfKeys()) {
            const TString name = entry->GetName();
            Sample s{tree, Find(before.get(), tree, name), Find(after.get(), tree, name),
                     Find(plain.get(), tree, name)};
            if (!s.fBefore || !s.fAfter)
               throw std::runtime_error(Form("%s has no histogram %s/%s", compressed, tree.Data(), name.Data()));
            auto known = std::find_if(plots.begin(), plots.end(), [&](auto &plot) { return plot.first == name; });
            if (known != plots.end() && s.fBefore->GetXaxis()->GetXmin() ==
                                           known->second.front().fBefore->GetXaxis()->GetXmin())
               known->second.push_back(s);
            else
               plots.push_back({known == plots.end() ? name : tree + "_" + name, {s}});
         }
      }
      if (plots.empty())
         throw std::runtime_error(std::string(original) + " holds no histograms: run analysis.C first");

      const TString pdf = TString(outDir) + "/compare.pdf";
      TCanvas("book", "book", 1000, 900).Print(pdf + "[");
      for (const auto &[name, samples] : plots) {
         Plots::RatioCanvas canvas;
         DrawMain(samples, *canvas.fMain);
         Plots::Caption("#bf{RootBaler}", samples.size() == 1 ? TreeTitle(samples.front().fTree).Data() : "");
         DrawRatio(samples, *canvas.fRatio);
         Plots::Save(canvas.fCanvas, Form("%s/%s.png", outDir, name.Data()), pdf);
      }
      TCanvas("book", "book", 1000, 900).Print(pdf + "]");
      std::cout << plots.size() << " plots in " << outDir << Plots::Formats() << '\n';
   } catch (const std::exception &error) {
      return Columns::Fail("compare.C", error);
   }
   return 0;
}
