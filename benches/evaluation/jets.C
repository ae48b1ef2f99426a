/// \file jets.C
/// Simulated top pairs before and after compression: dijet and three-jet masses from pt, eta, phi and mass of the jets,
/// and the missing transverse momentum. Jets are selected anew from the compressed values.
///
///     root -l -b -q 'jets.C("nano_ttbar.root", "compressed", "docs/evaluation", "1e-2,1e-3,bits12")'

#include "draw.h"
#include "versions.h"

#include <Math/Vector4D.h>

using namespace Evaluation;
using Momentum = ROOT::Math::PtEtaPhiMVector;

constexpr double kMinPt = 30, kMaxEta = 2.5;
constexpr size_t kMinJets = 4;

/// One number per event; NaN where the event is not selected.
struct Observables {
   Values fDijet, fTriplet, fMissing;
};

/// The three jets with the largest summed transverse momentum (the hadronic top), and in them the two that look least
/// like b jets (the W).
void Hadronic(const std::vector<Momentum> &jets, const Values &tags, double &dijet, double &triplet)
{
   double best = -1;
   for (size_t i = 0; i < jets.size(); ++i)
      for (size_t j = i + 1; j < jets.size(); ++j)
         for (size_t k = j + 1; k < jets.size(); ++k) {
            const auto sum = jets[i] + jets[j] + jets[k];
            if (sum.Pt() <= best)
               continue;
            best = sum.Pt();
            triplet = sum.M();
            const size_t b = tags[i] > tags[j] ? (tags[i] > tags[k] ? i : k) : (tags[j] > tags[k] ? j : k);
            dijet = (sum - jets[b]).M();
         }
}

Observables Observe(const Version &version)
{
   const Values counts = version["nJet"], pt = version["Jet_pt"], eta = version["Jet_eta"], phi = version["Jet_phi"],
                mass = version["Jet_mass"], tag = version["Jet_btagDisc"];
   Observables all{{}, {}, version["MET_pt"]};
   size_t jet = 0;
   for (double count : counts) {
      std::vector<Momentum> jets;
      Values tags;
      for (const size_t end = jet + static_cast<size_t>(count); jet < end; ++jet)
         if (pt[jet] > kMinPt && std::fabs(eta[jet]) < kMaxEta) {
            jets.emplace_back(pt[jet], eta[jet], phi[jet], mass[jet]);
            tags.push_back(tag[jet]);
         }
      double dijet = NAN, triplet = NAN;
      if (jets.size() >= kMinJets)
         Hadronic(jets, tags, dijet, triplet);
      all.fDijet.push_back(dijet);
      all.fTriplet.push_back(triplet);
   }
   return all;
}

int jets(const char *original, const char *folder, const char *outDir, const char *bounds)
{
   Plots::Style();
   TH1::AddDirectory(kFALSE);
   try {
      const auto versions = Versions(original, folder, "Events", bounds);
      std::vector<Observables> observed;
      for (const auto &version : versions)
         observed.push_back(Observe(version));
      struct What {
         const char *fName, *fTitle;
         Values Observables::*fValues;
         double fHigh;
      };
      const What whats[] = {{"dijet mass", "Dijet mass", &Observables::fDijet, 300},
                            {"three-jet mass", "Three-jet mass", &Observables::fTriplet, 600},
                            {"missing pt", "Missing p_{T}", &Observables::fMissing, 200}};
      Csv csv(TString(outDir) + "/jets.csv",
              "quantity,bound,events,mean,statistical error,mean shift / error,rms change of an "
              "event,events moved by over 10 %,largest bin difference / error,KS probability");
      for (const auto &what : whats) {
         TH1D *before = nullptr;
         std::vector<After> after;
         for (size_t i = 0; i < versions.size(); ++i) {
            const Values &first = observed[0].*(what.fValues), &now = observed[i].*(what.fValues);
            Values kept, keptFirst;
            double change = 0, changed = 0, other = 0;
            for (size_t event = 0; event < now.size(); ++event) {
               if (std::isfinite(now[event]))
                  kept.push_back(now[event]);
               if (std::isfinite(first[event]))
                  keptFirst.push_back(first[event]);
               const double difference = now[event] - first[event];
               // Another combination of jets, or another selection, moves an event by far more than the bound does.
               if (std::isfinite(now[event]) != std::isfinite(first[event]) ||
                   std::fabs(difference) > 0.1 * first[event])
                  ++other;
               else if (std::isfinite(difference)) {
                  change += difference * difference;
                  ++changed;
               }
            }
            auto *h = Histogram(Form(";%s [GeV];Events", what.fTitle), 60, 0, what.fHigh, kept);
            const double mean = TMath::Mean(kept.begin(), kept.end());
            const double error = TMath::StdDev(keptFirst.begin(), keptFirst.end()) / std::sqrt(keptFirst.size());
            const double shift = (mean - TMath::Mean(keptFirst.begin(), keptFirst.end())) / error;
            if (i == 0)
               before = h;
            else if (IsDrawn(versions[i].fBound))
               after.push_back({"after, " + BoundTitle(versions[i].fBound), h});
            csv.Row(what.fName, versions[i].fBound, kept.size(), mean, error, shift, std::sqrt(change / changed), other,
                    LargestPull(*before, *h),
                    TMath::KolmogorovProb(KolmogorovDistance(keptFirst, kept) * std::sqrt(kept.size() / 2.)));
         }
         Look look;
         look.fCaption = "Simulated t#bar{t}";
         Draw(Form("%s/jets_%s.png", outDir, TString(what.fName).ReplaceAll(" ", "_").Data()), *before, after, look);
      }
   } catch (const std::exception &error) {
      return Columns::Fail("jets.C", error);
   }
   return 0;
}
