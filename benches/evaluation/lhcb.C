/// \file lhcb.C
/// Simulated B -> hhh decays of LHCb before and after compression: the B mass and the Dalitz plane, from the momenta of
/// three kaons.
///
///     root -l -b -q 'lhcb.C("lhcb_b2hhh_phasespace.root", "compressed", "docs/evaluation", "1e-2,1e-3,bits12")'

#include "draw.h"
#include "versions.h"

#include <Math/Vector4D.h>

#include <TH2D.h>

using namespace Evaluation;
using Momentum = ROOT::Math::PxPyPzMVector;

constexpr double kKaonMass = 493.677;
constexpr int kCells = 40; // of the Dalitz plane, each way

struct Decays {
   Values fMass, fLow, fHigh; ///< B mass [MeV]; the smaller and the larger m^2 of the pairs of opposite charge [GeV^2]
};

Decays Decay(const Version &version)
{
   std::vector<Values> p, charge;
   for (const char *name : {"H1", "H2", "H3"}) {
      for (const char *axis : {"PX", "PY", "PZ"})
         p.push_back(version[Form("%s_%s", name, axis)]);
      charge.push_back(version[Form("%s_Charge", name)]);
   }
   Decays decays;
   for (size_t i = 0; i < p[0].size(); ++i) {
      Momentum h[3];
      int odd = 0; // the one whose charge differs from the others'
      for (int k = 0; k < 3; ++k) {
         h[k] = Momentum(p[3 * k][i], p[3 * k + 1][i], p[3 * k + 2][i], kKaonMass);
         if (charge[k][i] * charge[(k + 1) % 3][i] < 0 && charge[k][i] * charge[(k + 2) % 3][i] < 0)
            odd = k;
      }
      const double a = 1e-6 * (h[odd] + h[(odd + 1) % 3]).M2(), b = 1e-6 * (h[odd] + h[(odd + 2) % 3]).M2();
      decays.fMass.push_back((h[0] + h[1] + h[2]).M());
      decays.fLow.push_back(std::min(a, b));
      decays.fHigh.push_back(std::max(a, b));
   }
   return decays;
}

TH2D *Dalitz(const Decays &decays)
{
   auto *plane = new TH2D("", ";m^{2}(K^{+}K^{-})_{low} [GeV^{2}];m^{2}(K^{+}K^{-})_{high} [GeV^{2}]", kCells, 0, 15,
                          kCells, 0, 25);
   for (size_t i = 0; i < decays.fLow.size(); ++i)
      plane->Fill(decays.fLow[i], decays.fHigh[i]);
   return plane;
}

/// The largest |after - before| / sqrt(before) of the cells with at least 25 decays, and their rms.
std::pair<double, double> PlanePulls(const TH2D &before, const TH2D &after)
{
   double largest = 0, sum = 0;
   int cells = 0;
   for (int cell = 0; cell < before.GetNcells(); ++cell) {
      const double n = before.GetBinContent(cell);
      if (n < 25)
         continue;
      const double pull = (after.GetBinContent(cell) - n) / std::sqrt(n);
      largest = std::max(largest, std::fabs(pull));
      sum += pull * pull;
      ++cells;
   }
   return {largest, cells ? std::sqrt(sum / cells) : 0};
}

void DrawPlanes(const char *png, TH2D &before, TH2D &after, const TString &bound)
{
   TCanvas canvas("planes", "planes", 1500, 700);
   canvas.Divide(2, 1, 0.001, 0.001);
   TH2D *planes[] = {&before, &after};
   const TString titles[] = {"original", "after, " + bound};
   for (int i = 0; i < 2; ++i) {
      canvas.cd(i + 1);
      gPad->SetMargin(0.12, 0.15, 0.14, 0.09);
      Plots::Letters(*planes[i]->GetXaxis(), 22, 1.3);
      Plots::Letters(*planes[i]->GetYaxis(), 22, 1.3);
      Plots::Letters(*planes[i]->GetZaxis(), 22, 1.3);
      planes[i]->SetMaximum(before.GetMaximum());
      planes[i]->Draw("COLZ");
      Plots::Caption("#bf{RootBaler}", "LHCb simulation, " + titles[i]);
   }
   canvas.Print(png);
}

int lhcb(const char *original, const char *folder, const char *outDir, const char *bounds)
{
   Plots::Style();
   TH1::AddDirectory(kFALSE);
   try {
      const auto versions = Versions(original, folder, "PhaseSpaceTree", bounds);
      Csv csv(TString(outDir) + "/lhcb.csv",
              "bound,B mass mean [MeV],B mass rms [MeV],rms change of a decay [MeV],decays beyond 250 MeV,"
              "rms change of m2 low [GeV^2],Dalitz largest difference / error,Dalitz rms difference / error");
      std::vector<After> after;
      TH1D *before = nullptr;
      TH2D *plane = nullptr;
      Decays first;
      for (const auto &version : versions) {
         const Decays decays = Decay(version);
         auto *mass = Histogram(";m(KKK) [MeV];Decays / 2 MeV", 100, 5180, 5380, decays.fMass);
         auto *now = Dalitz(decays);
         if (!before) {
            first = decays;
            before = mass;
            plane = now;
         } else if (IsDrawn(version.fBound)) {
            after.push_back({"after, " + BoundTitle(version.fBound), mass});
         }
         double massChange = 0, planeChange = 0;
         const size_t n = decays.fMass.size();
         Values inside;
         for (size_t i = 0; i < n; ++i) {
            massChange += std::pow(decays.fMass[i] - first.fMass[i], 2);
            planeChange += std::pow(decays.fLow[i] - first.fLow[i], 2);
            // A few decays of very low momentum would decide the rms of all.
            if (std::fabs(decays.fMass[i] - 5279) < 250)
               inside.push_back(decays.fMass[i]);
         }
         const auto [largest, rms] = PlanePulls(*plane, *now);
         csv.Row(version.fBound, TMath::Mean(inside.begin(), inside.end()), TMath::StdDev(inside.begin(), inside.end()),
                 std::sqrt(massChange / n), n - inside.size(), std::sqrt(planeChange / n), largest, rms);
         if (version.fBound == "1e-3")
            DrawPlanes(Form("%s/lhcb_dalitz.png", outDir), *plane, *now, BoundTitle(version.fBound));
      }
      Look look;
      look.fCaption = "LHCb simulation, B #rightarrow KKK";
      look.fLogY = true;
      Draw(Form("%s/lhcb_mass.png", outDir), *before, after, look);
   } catch (const std::exception &error) {
      return Columns::Fail("lhcb.C", error);
   }
   return 0;
}
