/// \file draw.h
/// One histogram before compression and several after it, with a ratio panel. Used by the macros beside it.
#ifndef ROOTBALER_EVALUATION_DRAW_H
#define ROOTBALER_EVALUATION_DRAW_H

#include "../../root_macros/compare.C"

namespace Evaluation {

struct After {
   TString fTitle;
   TH1D *fHistogram;
};

/// What a picture may have beside its histograms.
struct Look {
   TString fCaption;
   bool fLogX = false, fLogY = false;
   TGraph *fCurve = nullptr; ///< a fit to the original
   TString fCurveTitle;
   double fLegendLeft = 0.55;
};

inline void Draw(const char *png, TH1D &before, const std::vector<After> &after, const Look &look)
{
   Plots::RatioCanvas canvas;
   auto &main = *canvas.fMain, &ratio = *canvas.fRatio;
   main.cd();
   main.SetLogx(look.fLogX);
   main.SetLogy(look.fLogY);
   ratio.SetLogx(look.fLogX);
   before.SetLineColor(kBlack);
   before.SetLineWidth(2);
   before.SetFillColor(kGray);
   before.SetMaximum(look.fLogY ? 5 * before.GetMaximum() : 1.3 * before.GetMaximum());
   before.SetMinimum(look.fLogY ? 0.7 : 0);
   Plots::Letters(*before.GetYaxis(), 24, 1.9);
   before.GetXaxis()->SetLabelSize(0);
   before.GetXaxis()->SetTitleSize(0);
   before.Draw("HIST");
   const double rows = 1. + after.size() + (look.fCurve ? 1 : 0);
   auto *legend = new TLegend(look.fLegendLeft, 0.88 - 0.058 * rows, 0.95, 0.89);
   legend->SetTextFont(43);
   legend->SetTextSize(24);
   legend->SetFillStyle(0);
   legend->AddEntry(&before, "original", "lf");
   if (look.fCurve) {
      look.fCurve->SetLineColor(Plots::Colour(1));
      look.fCurve->SetLineWidth(2);
      look.fCurve->Draw("L SAME");
      legend->AddEntry(look.fCurve, look.fCurveTitle, "l");
   }
   const auto style = [](TAttMarker &marker, size_t i) {
      const Style_t markers[] = {24, 20, 25, 21};
      const Int_t colours[] = {1, 0, 2, 3};
      marker.SetMarkerColor(Plots::Colour(colours[i % 4]));
      marker.SetMarkerStyle(markers[i % 4]);
      marker.SetMarkerSize(0.9);
   };
   for (size_t i = 0; i < after.size(); ++i) {
      style(*after[i].fHistogram, i);
      after[i].fHistogram->Draw("P SAME");
      legend->AddEntry(after[i].fHistogram, after[i].fTitle, "p");
   }
   legend->Draw();
   Plots::Caption("#bf{RootBaler}", look.fCaption);
   main.RedrawAxis();

   ratio.cd();
   double largest = 1.2 * BestPrecision(before);
   for (const auto &one : after)
      largest = std::max(largest, LargestDeviation({"", &before, one.fHistogram, nullptr}));
   const double span = Plots::RoundSpan(largest), low = before.GetXaxis()->GetXmin(),
                high = before.GetXaxis()->GetXmax();
   auto *frame = ratio.DrawFrame(low, 1 - 1.25 * span, high, 1 + 1.25 * span);
   Plots::Letters(*frame->GetXaxis(), 24, 1.1);
   Plots::Letters(*frame->GetYaxis(), 24, 1.9);
   frame->GetXaxis()->SetTitle(before.GetXaxis()->GetTitle());
   frame->GetXaxis()->SetTickLength(0.08);
   frame->GetYaxis()->SetTitle("After / before");
   frame->GetYaxis()->CenterTitle();
   frame->GetYaxis()->SetNdivisions(504);
   for (int sign : {-1, 1}) {
      auto *steps = static_cast<TH1D *>(before.Clone());
      for (int bin = 1; bin <= before.GetNbinsX(); ++bin) {
         const double n = before.GetBinContent(bin);
         steps->SetBinContent(bin, 1 + sign * (n > 0 ? before.GetBinError(bin) / n : 1));
      }
      steps->SetFillStyle(0);
      steps->SetLineWidth(1);
      steps->SetLineColor(kGray + 2);
      steps->Draw("HIST SAME");
   }
   for (size_t i = 0; i < after.size(); ++i) {
      auto *points = Ratio(before, *after[i].fHistogram, 0);
      style(*points, i);
      points->Draw("P SAME");
   }
   ratio.RedrawAxis();
   canvas.fCanvas.Print(png);
}

} // namespace Evaluation

#endif
