/// \file plots.h
/// The style of the plots, and a pad with a ratio panel under it. Used by the macros beside it.
#ifndef ROOTBALER_MACROS_PLOTS_H
#define ROOTBALER_MACROS_PLOTS_H

#include <TCanvas.h>
#include <TColor.h>
#include <TError.h>
#include <TGaxis.h>
#include <TH1.h>
#include <TLatex.h>
#include <TPad.h>
#include <TStyle.h>
#include <TSystem.h>

#include <vector>

namespace Plots {

/// Colours that colour-blind readers can tell apart (Okabe and Ito).
inline Int_t Colour(size_t i)
{
   static const char *const kColours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};
   return TColor::GetColor(kColours[i % (sizeof kColours / sizeof *kColours)]);
}

inline void Style()
{
   gErrorIgnoreLevel = kWarning;
   gStyle->SetOptStat(0);
   gStyle->SetOptTitle(0);
   gStyle->SetCanvasColor(0);
   gStyle->SetPadTickX(1);
   gStyle->SetPadTickY(1);
   gStyle->SetFrameLineWidth(2);
   gStyle->SetLegendBorderSize(0);
   gStyle->SetLegendFillColor(0);
   gStyle->SetLegendFont(42);
   gStyle->SetTextFont(42);
   gStyle->SetLabelFont(42, "XYZ");
   gStyle->SetTitleFont(42, "XYZ");
   gStyle->SetNumberContours(99);
   gStyle->SetPalette(kBird);
   gStyle->SetEndErrorSize(0);
   TGaxis::SetMaxDigits(7);
}

/// The same size of letters, in pixels of the whole canvas, in every pad whatever its height.
inline void Letters(TAxis &axis, double pixels, double titleOffset)
{
   axis.SetLabelFont(43);
   axis.SetTitleFont(43);
   axis.SetLabelSize(pixels);
   axis.SetTitleSize(1.1 * pixels);
   axis.SetTitleOffset(titleOffset);
}

/// Text in the corner above a frame.
inline void Caption(const char *left, const char *right)
{
   TLatex text;
   text.SetNDC();
   text.SetTextFont(43);
   text.SetTextSize(24);
   text.SetTextAlign(11);
   text.DrawLatex(gPad->GetLeftMargin(), 1 - gPad->GetTopMargin() + 0.02, left);
   text.SetTextAlign(31);
   text.DrawLatex(1 - gPad->GetRightMargin(), 1 - gPad->GetTopMargin() + 0.02, right);
}

/// A canvas with a large pad and, under it, a small one for the ratio.
struct RatioCanvas {
   TCanvas fCanvas;
   TPad *fMain, *fRatio;

   RatioCanvas() : fCanvas("c", "c", 1000, 900)
   {
      fMain = new TPad("main", "", 0, 0.30, 1, 1);
      fMain->SetMargin(0.14, 0.04, 0.02, 0.09);
      fRatio = new TPad("ratio", "", 0, 0, 1, 0.30);
      fRatio->SetMargin(0.14, 0.04, 0.38, 0.03);
      fMain->Draw();
      fRatio->Draw();
   }
};

/// Whether ROOT can write PNGs here: its image library needs others that a small system does not have.
inline bool HasImages()
{
   static const bool has = [] {
      const Int_t level = gErrorIgnoreLevel;
      gErrorIgnoreLevel = kFatal;
      const bool isLoaded = gSystem->Load("libASImage") >= 0;
      gErrorIgnoreLevel = level;
      return isLoaded;
   }();
   return has;
}

/// What to say behind the number of plots.
inline const char *Formats()
{
   return HasImages() ? ""
                      : ", as PDF only: ROOT cannot load its image library "
                         "(Debian, Ubuntu: apt install libsm6 libxext6)";
}

/// Writes a canvas as PNG, if that can be, and as a page of an open PDF (TCanvas::Print with "(" and ")" opens and
/// closes it).
inline void Save(TCanvas &canvas, const TString &png, const TString &pdf)
{
   if (HasImages())
      canvas.Print(png);
   canvas.Print(pdf);
}

/// Half the height of a ratio panel: the smallest of some round values that holds `largest`.
inline double RoundSpan(double largest)
{
   for (double span : {0.01, 0.02, 0.05, 0.1, 0.2, 0.5})
      if (1.15 * largest < span)
         return span;
   return 1.;
}

} // namespace Plots

#endif
