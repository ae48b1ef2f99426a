/// \file dimuon.C
/// Resonances in real CMS dimuon events before and after compression: J/psi, psi(2S), Upsilon and Z, each fitted
/// (unbinned, extended maximum likelihood) in the stored mass and in the mass recomputed from pt, eta and phi.
///
///     root -l -b -q 'dimuon.C("cms_dimuon2010.root", "compressed", "docs/evaluation", "1e-2,1e-3,bits12")'

#include "draw.h"
#include "versions.h"

#include <RooAddPdf.h>
#include <RooCBShape.h>
#include <RooChebychev.h>
#include <RooDataSet.h>
#include <RooExponential.h>
#include <RooFitResult.h>
#include <RooFormulaVar.h>
#include <RooGaussian.h>
#include <RooMsgService.h>
#include <RooRealVar.h>
#include <RooVoigtian.h>

using namespace Evaluation;

constexpr double kMuonMass = 0.1056584;

struct Resonance {
   const char *fName, *fTitle;
   double fLow, fHigh;
   int fBins;
};

const Resonance kResonances[] = {{"jpsi", "J/#psi", 2.85, 3.35, 50},
                                 {"psi2s", "#psi(2S)", 3.45, 3.95, 50},
                                 {"upsilon", "#varUpsilon", 8.6, 11.2, 52},
                                 {"z", "Z", 75, 105, 30}};

/// Value and error of what is fitted.
struct Fit {
   double fMass, fMassError, fWidth, fWidthError, fYield, fYieldError;
   TGraph *fCurve;
};

Fit FitResonance(const Resonance &resonance, const Values &masses)
{
   const TString name = resonance.fName;
   const double low = resonance.fLow, high = resonance.fHigh;
   RooRealVar m("m", "m", low, high);
   RooDataSet data("data", "data", m);
   for (double x : masses)
      if (x > low && x < high) {
         m.setVal(x);
         data.add(m);
      }
   const double n = data.numEntries();
   RooRealVar signal("signal", "", 0.4 * n, 0, 1.5 * n), background("background", "", 0.6 * n, 0, 1.5 * n);
   RooRealVar mass("mass", "", 3.09, 2.9, 3.3), width("width", "", 0.04, 0.01, 0.1);
   RooRealVar slope("slope", "", -0.5, -10, 10), bend("bend", "", 0, -2, 2);
   RooExponential falling("falling", "", m, slope);
   RooChebychev smooth("smooth", "", m, RooArgList(slope, bend));
   RooRealVar tail("tail", "", 1.7, 0.5, 5), power("power", "", 3);
   RooCBShape crystal("crystal", "", m, mass, width, tail, power);
   RooGaussian gauss("gauss", "", m, mass, width);
   // The 2S and 3S states at the known mass ratios, as wide as the resolution makes them.
   RooFormulaVar mass2("mass2", "@0*10.0233/9.4604", mass), mass3("mass3", "@0*10.3551/9.4604", mass);
   RooFormulaVar width2("width2", "@0*10.0233/9.4604", width), width3("width3", "@0*10.3551/9.4604", width);
   RooGaussian gauss2("gauss2", "", m, mass2, width2), gauss3("gauss3", "", m, mass3, width3);
   RooRealVar signal2("signal2", "", 0.1 * n, 0, n), signal3("signal3", "", 0.05 * n, 0, n);
   RooRealVar natural("natural", "", 2.4955);
   RooVoigtian voigt("voigt", "", m, mass, natural, width);

   RooArgList shapes, yields;
   if (name == "jpsi") {
      shapes.add(RooArgList(crystal, falling));
   } else if (name == "psi2s") {
      mass.setRange(3.6, 3.75);
      mass.setVal(3.68);
      shapes.add(RooArgList(gauss, falling));
   } else if (name == "upsilon") {
      mass.setRange(9.3, 9.6);
      mass.setVal(9.45);
      width.setRange(0.03, 0.3);
      width.setVal(0.09);
      slope.setRange(-3, 3);
      slope.setVal(-0.2);
      signal.setVal(0.2 * n);
      shapes.add(RooArgList(gauss, gauss2, gauss3, smooth));
   } else {
      mass.setRange(88, 94);
      mass.setVal(91);
      width.setRange(0.3, 5);
      width.setVal(1.5);
      slope.setVal(-0.03);
      slope.setRange(-1, 1);
      signal.setVal(0.7 * n);
      shapes.add(RooArgList(voigt, falling));
   }
   if (name == "upsilon")
      yields.add(RooArgList(signal, signal2, signal3, background));
   else
      yields.add(RooArgList(signal, background));
   RooAddPdf sum("sum", "", shapes, yields);
   std::unique_ptr<RooFitResult> result;
   for (int strategy : {1, 2}) { // where one stops short of the minimum, a careful one goes on
      result.reset(
         sum.fitTo(data, RooFit::Extended(), RooFit::Save(), RooFit::PrintLevel(-1), RooFit::Strategy(strategy)));
      if (result && result->status() == 0)
         break;
   }
   if (!result || result->status() != 0)
      throw std::runtime_error(Form("the fit of %s did not converge (status %d)", resonance.fName,
                                    result ? result->status() : -1));
   auto *curve = new TGraph;
   const RooArgSet variables(m);
   const double binWidth = (high - low) / resonance.fBins;
   for (int i = 0; i <= 500; ++i) {
      m.setVal(low + (high - low) * i / 500.);
      curve->AddPoint(m.getVal(), sum.getVal(&variables) * sum.expectedEvents(&variables) * binWidth);
   }
   return {mass.getVal(),     mass.getError(),   width.getVal(), width.getError(),
           signal.getVal(), signal.getError(), curve};
}

Values Recomputed(const Version &s)
{
   const Values pt1 = s["pt1"], eta1 = s["eta1"], phi1 = s["phi1"], pt2 = s["pt2"], eta2 = s["eta2"], phi2 = s["phi2"];
   Values mass(pt1.size());
   for (size_t i = 0; i < mass.size(); ++i)
      mass[i] = PairMass(pt1[i], eta1[i], phi1[i], pt2[i], eta2[i], phi2[i], kMuonMass);
   return mass;
}

/// Pairs of opposite charge. The charges are integers, so they are the same in all versions.
Values Opposite(const Values &q1, const Values &q2, Values mass)
{
   size_t kept = 0;
   for (size_t i = 0; i < mass.size(); ++i)
      if (q1[i] * q2[i] < 0)
         mass[kept++] = mass[i];
   mass.resize(kept);
   return mass;
}

/// The whole spectrum, with bins that grow with the mass.
TH1D *Spectrum(const Values &masses)
{
   constexpr int kBins = 140;
   std::vector<double> edges;
   for (int i = 0; i <= kBins; ++i)
      edges.push_back(2 * std::pow(60., double(i) / kBins));
   auto *histogram = new TH1D("", ";m(#mu^{+}#mu^{#minus}) from p_{T}, #eta, #phi [GeV];Pairs", kBins, edges.data());
   histogram->SetDirectory(nullptr);
   for (double m : masses)
      histogram->Fill(m);
   return histogram;
}

int dimuon(const char *original, const char *folder, const char *outDir, const char *bounds)
{
   Plots::Style();
   TH1::AddDirectory(kFALSE);
   RooMsgService::instance().setGlobalKillBelow(RooFit::ERROR);
   try {
      const auto versions = Versions(original, folder, "Events", bounds);
      const Values q1 = versions[0]["Q1"], q2 = versions[0]["Q2"];
      Csv csv(TString(outDir) + "/dimuon.csv",
              "resonance,mass from,bound,mass,mass error,width,width error,yield,yield error,"
              "mass shift,width shift,yield shift");
      for (const char *from : {"pt eta phi", "M"}) {
         std::vector<Values> masses;
         for (const auto &version : versions)
            masses.push_back(Opposite(q1, q2, TString(from) == "M" ? version["M"] : Recomputed(version)));
         for (const auto &resonance : kResonances) {
            Fit first{};
            std::vector<After> after;
            TH1D *before = nullptr;
            for (size_t i = 0; i < versions.size(); ++i) {
               const Fit fit = FitResonance(resonance, masses[i]);
               if (i == 0)
                  first = fit;
               csv.Row(resonance.fName, from, versions[i].fBound, fit.fMass, fit.fMassError, fit.fWidth,
                       fit.fWidthError, fit.fYield, fit.fYieldError, (fit.fMass - first.fMass) / first.fMassError,
                       (fit.fWidth - first.fWidth) / first.fWidthError,
                       (fit.fYield - first.fYield) / first.fYieldError);
               auto *histogram = Histogram(Form(";m(#mu^{+}#mu^{#minus}) from %s [GeV];Pairs / %g MeV",
                                                TString(from) == "M" ? "branch M" : "p_{T}, #eta, #phi",
                                                1e3 * (resonance.fHigh - resonance.fLow) / resonance.fBins),
                                           resonance.fBins, resonance.fLow, resonance.fHigh, masses[i]);
               if (i == 0)
                  before = histogram;
               else if (TString(from) == "M" ? versions[i].fBound.BeginsWith("1e-3") : IsDrawn(versions[i].fBound))
                  after.push_back({"after, " + BoundTitle(versions[i].fBound), histogram});
            }
            Look look;
            look.fCaption = Form("CMS 2010, %s", resonance.fTitle);
            look.fCurve = first.fCurve;
            look.fCurveTitle = "fit to the original";
            // The stored mass of the narrowest peak is picture enough for the lattice.
            if (TString(from) == "M" && TString(resonance.fName) != "jpsi")
               continue;
            Draw(Form("%s/dimuon_%s%s.png", outDir, resonance.fName, TString(from) == "M" ? "_stored" : ""), *before,
                 after, look);
         }
         if (TString(from) == "M")
            continue;
         std::vector<After> after;
         for (size_t i = 1; i < versions.size(); ++i)
            if (IsDrawn(versions[i].fBound))
               after.push_back({"after, " + BoundTitle(versions[i].fBound), Spectrum(masses[i])});
         Look look;
         look.fCaption = "CMS 2010, real data";
         look.fLogX = look.fLogY = true;
         Draw(Form("%s/dimuon_spectrum.png", outDir), *Spectrum(masses[0]), after, look);
      }
   } catch (const std::exception &error) {
      return Columns::Fail("dimuon.C", error);
   }
   return 0;
}
