/// \file headline.C
/// The figure at the top of the README: what a file of dimuons takes, and the mass spectrum before and after.
///
///     root -l -b -q 'headline.C("original.root", "compressed.root",
///                               "ROOT, zstd=zstd.root;quantise + pcodec=1911944;RootBaler=compressed.root",
///                               "out.png")'
///
/// `sizes` names files, or numbers of bytes where a method makes no ROOT file.

#include "../../root_macros/columns.h"
#include "../../root_macros/plots.h"

#include <TBox.h>
#include <TLegend.h>
#include <TLine.h>
#include <TObjArray.h>

namespace Headline {

constexpr int kLetters = 24;

/// One bar for each method, with its megabytes.
void Sizes(const char *sizes)
{
   std::unique_ptr<TObjArray> list(TString(sizes).Tokenize(";"));
   std::vector<std::pair<TString, double>> bars;
   for (auto *item : *list) {
      const TString pair = item->GetName(), what = pair(pair.Index("=") + 1, pair.Length());
      bars.emplace_back(pair(0, pair.Index("=")), what.IsDigit() ? what.Atof() : Columns::Open(what)->GetSize());
   }
   double largest = 0;
   for (const auto &[name, bytes] : bars)
      largest = std::max(largest, bytes);
   auto *frame = gPad->DrawFrame(0, 0, 1.2e-6 * largest, bars.size(), ";Size of the file [MB];");
   Plots::Letters(*frame->GetXaxis(), kLetters, 1.2);
   frame->GetYaxis()->SetNdivisions(0);
   TLatex text;
   text.SetTextFont(43);
   text.SetTextSize(kLetters);
   for (size_t i = 0; i < bars.size(); ++i) {
      const double y = bars.size() - 1. - i, megabytes = 1e-6 * bars[i].second;
      auto *bar = new TBox(0, y + 0.12, megabytes, y + 0.62);
      bar->SetFillColor(i + 1 == bars.size() ? Plots::Colour(0) : TColor::GetColor("#bbbbbb"));
      bar->Draw();
      text.DrawLatex(0.015e-6 * largest, y + 0.7, bars[i].first);
      text.DrawLatex(megabytes + 0.015e-6 * largest, y + 0.32, Form("%.2f", megabytes));
   }
   Plots::Caption("100 000 muon pairs, 15 floats each", "");
}

/// The mass of the pairs of opposite charge, from pt, eta and phi, in bins that grow with it.
TH1D *Spectrum(const char *path)
{
   constexpr int kBins = 140;
   std::vector<double> edges;
   for (int i = 0; i <= kBins; ++i)
      edges.push_back(2 * std::pow(60., double(i) / kBins));
   auto file = Columns::Open(path);
   auto *histogram = new TH1D("spectrum", ";m(#mu^{+}#mu^{#minus}) [GeV];Pairs", kBins, edges.data());
   auto *tree = Columns::Trees(*file).at(0);
   tree->Draw("sqrt(2*pt1*pt2*(cosh(eta1-eta2)-cos(phi1-phi2)))>>spectrum", "Q1*Q2<0", "goff");
   histogram->SetDirectory(nullptr);
   return histogram;
}

void Spectra(const char *original, const char *compressed)
{
   auto *before = Spectrum(original), *after = Spectrum(compressed);
   gPad->SetLogx();
   gPad->SetLogy();
   before->SetLineColor(kBlack);
   before->SetLineWidth(2);
   before->SetFillColor(TColor::GetColor("#dddddd"));
   before->SetMaximum(5 * before->GetMaximum());
   before->SetMinimum(5);
   Plots::Letters(*before->GetXaxis(), kLetters, 1.2);
   Plots::Letters(*before->GetYaxis(), kLetters, 1.4);
   before->GetXaxis()->SetNoExponent();
   before->Draw("HIST");
   after->SetMarkerStyle(20);
   after->SetMarkerSize(0.9);
   after->SetMarkerColor(Plots::Colour(0));
   after->Draw("HIST P SAME");
   auto *legend = new TLegend(0.5, 0.72, 0.94, 0.87);
   legend->SetTextFont(43);
   legend->SetTextSize(kLetters);
   legend->SetFillStyle(0);
   legend->AddEntry(before, "original", "lf");
   legend->AddEntry(after, "after, errors below 10^{-3}#sigma", "p");
   legend->Draw();
   Plots::Caption("", "CMS 2010, real data");
   gPad->RedrawAxis();
}

} // namespace Headline

int headline(const char *original, const char *compressed, const char *sizes, const char *png)
{
   Plots::Style();
   TH1::AddDirectory(kTRUE);
   try {
      TCanvas canvas("c", "c", 1500, 620);
      auto *left = new TPad("left", "", 0, 0, 0.42, 1), *right = new TPad("right", "", 0.42, 0, 1, 1);
      left->SetMargin(0.04, 0.03, 0.16, 0.10);
      right->SetMargin(0.11, 0.02, 0.16, 0.10);
      left->Draw();
      right->Draw();
      left->cd();
      Headline::Sizes(sizes);
      right->cd();
      Headline::Spectra(original, compressed);
      canvas.Print(png);
   } catch (const std::exception &error) {
      return Columns::Fail("headline.C", error);
   }
   return 0;
}
