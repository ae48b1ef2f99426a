/// \file generate.C
/// Writes simulated events in the form of a NanoAOD, from random numbers alone: Z -> mu mu with jets that recoil,
/// missing momentum and some event variables. No physics is to be learned from them; they have what compression meets
/// in such files: tails, angles, fractions that add up to one, quantities that follow from others with a resolution,
/// arrays with a counter.
///
///     root -l -b -q 'generate.C("events.root", 20000)'

#include <TFile.h>
#include <TLorentzVector.h>
#include <TRandom3.h>
#include <TTree.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace Generate {

constexpr int kMost = 30; ///< jets in an event

struct Muons {
   Int_t n = 2, charge[2];
   Float_t pt[2], eta[2], phi[2], ptErr[2], dxy[2], dxyErr[2], iso[2];
};

struct Jets {
   Int_t n, nConstituents[kMost];
   Float_t pt[kMost], eta[kMost], phi[kMost], mass[kMost], chHEF[kMost], neHEF[kMost], chEmEF[kMost], neEmEF[kMost],
      btag[kMost], area[kMost];
};

struct Event {
   Float_t MET_pt, MET_phi, MET_sumEt, PV_z, rho, weight;
   Int_t PV_npvs;
   Muons muons;
   Jets jets;
};

/// A gamma-distributed number: a sum of exponentials is enough for whole shapes.
double Gamma(TRandom &random, int shape)
{
   double sum = 0;
   for (int i = 0; i < shape; ++i)
      sum += random.Exp(1);
   return sum;
}

TLorentzVector Boson(TRandom &random)
{
   double mass = 0;
   while (mass < 60 || mass > 120)
      mass = random.BreitWigner(91.19, 2.5);
   const double pt = 8 * Gamma(random, 2) * (random.Uniform() < 0.2 ? 4 : 1);
   const double y = random.Gaus(0, 1.4), phi = random.Uniform(-M_PI, M_PI), mt = std::hypot(mass, pt);
   TLorentzVector z;
   z.SetPxPyPzE(pt * std::cos(phi), pt * std::sin(phi), mt * std::sinh(y), mt * std::cosh(y));
   return z;
}

void Decay(TRandom &random, const TLorentzVector &z, Muons &muons)
{
   const double p = z.M() / 2, cosine = random.Uniform(-1, 1), sine = std::sqrt(1 - cosine * cosine);
   const double phi = random.Uniform(-M_PI, M_PI);
   TLorentzVector first(p * sine * std::cos(phi), p * sine * std::sin(phi), p * cosine, p), second(-first.Vect(), p);
   first.Boost(z.BoostVector());
   second.Boost(z.BoostVector());
   if (second.Pt() > first.Pt())
      std::swap(first, second);
   const TLorentzVector *both[] = {&first, &second};
   const int charge = random.Uniform() < 0.5 ? 1 : -1;
   for (int i = 0; i < 2; ++i) {
      const auto &mu = *both[i];
      const double resolution = 0.01 + 0.0001 * mu.Pt() + 0.004 * std::fabs(mu.Eta());
      muons.pt[i] = mu.Pt() * random.Gaus(1, resolution);
      muons.eta[i] = mu.Eta();
      muons.phi[i] = mu.Phi();
      muons.charge[i] = i == 0 ? charge : -charge;
      muons.ptErr[i] = muons.pt[i] * resolution * random.Gaus(1, 0.1);
      muons.dxyErr[i] = 0.001 + 0.02 / mu.Pt() * random.Gaus(1, 0.1);
      muons.dxy[i] = random.Gaus(0, 1.2 * muons.dxyErr[i]);
      muons.iso[i] = random.Uniform() < 0.3 ? 0 : random.Exp(0.04);
   }
}

void Recoil(TRandom &random, const TLorentzVector &z, Jets &jets, TLorentzVector &sum)
{
   struct Jet {
      double pt, eta, phi;
   };
   std::vector<Jet> all;
   if (z.Pt() > 20)
      all.push_back({z.Pt() * random.Gaus(1, 0.15), z.Rapidity() + random.Gaus(0, 1), -z.Phi() + random.Gaus(0, 0.2)});
   for (int i = random.Poisson(3); i > 0; --i)
      all.push_back({15 / std::pow(random.Uniform(0.002, 1), 0.4), random.Gaus(0, 2), random.Uniform(-M_PI, M_PI)});
   std::sort(all.begin(), all.end(), [](const Jet &a, const Jet &b) { return a.pt > b.pt; });
   jets.n = std::min<int>(all.size(), kMost);
   for (int i = 0; i < jets.n; ++i) {
      jets.pt[i] = std::fabs(all[i].pt);
      jets.eta[i] = all[i].eta;
      jets.phi[i] = std::remainder(all[i].phi, 2 * M_PI);
      jets.nConstituents[i] = 2 + random.Poisson(6 * std::log(jets.pt[i]));
      jets.mass[i] = jets.pt[i] * 0.02 * std::sqrt(jets.nConstituents[i]) * random.Gaus(1, 0.2);
      const double shares[] = {Gamma(random, 6), Gamma(random, 1), Gamma(random, 3),
                               random.Uniform() < 0.8 ? 0 : Gamma(random, 1)};
      const double total = shares[0] + shares[1] + shares[2] + shares[3];
      jets.chHEF[i] = shares[0] / total;
      jets.neHEF[i] = shares[1] / total;
      jets.neEmEF[i] = shares[2] / total;
      jets.chEmEF[i] = shares[3] / total;
      const double b = random.Uniform() < 0.1 ? random.Gaus(2.5, 1.5) : random.Gaus(-2.5, 1.2);
      jets.btag[i] = 1 / (1 + std::exp(-b));
      jets.area[i] = random.Gaus(0.5, 0.02);
      TLorentzVector jet;
      jet.SetPtEtaPhiM(jets.pt[i], jets.eta[i], jets.phi[i], jets.mass[i]);
      sum += jet;
   }
}

} // namespace Generate

int generate(const char *path, int events = 20000, unsigned seed = 1)
{
   using namespace Generate;
   TRandom3 random(seed);
   TFile file(path, "RECREATE");
   if (file.IsZombie())
      return 1;
   auto *tree = new TTree("Events", "simulated by generate.C");
   Event e;
   tree->Branch("MET_pt", &e.MET_pt);
   tree->Branch("MET_phi", &e.MET_phi);
   tree->Branch("MET_sumEt", &e.MET_sumEt);
   tree->Branch("PV_z", &e.PV_z);
   tree->Branch("PV_npvs", &e.PV_npvs);
   tree->Branch("rho", &e.rho);
   tree->Branch("weight", &e.weight);
   tree->Branch("nMuon", &e.muons.n, "nMuon/I");
   tree->Branch("Muon_charge", e.muons.charge, "Muon_charge[nMuon]/I");
   const std::pair<const char *, Float_t *> muons[] = {{"pt", e.muons.pt},   {"eta", e.muons.eta}, {"phi", e.muons.phi},
                                                       {"ptErr", e.muons.ptErr}, {"dxy", e.muons.dxy},
                                                       {"dxyErr", e.muons.dxyErr}, {"pfRelIso", e.muons.iso}};
   for (const auto &[name, address] : muons)
      tree->Branch(Form("Muon_%s", name), address, Form("Muon_%s[nMuon]/F", name));
   tree->Branch("nJet", &e.jets.n, "nJet/I");
   tree->Branch("Jet_nConstituents", e.jets.nConstituents, "Jet_nConstituents[nJet]/I");
   const std::pair<const char *, Float_t *> jets[] = {
      {"pt", e.jets.pt},       {"eta", e.jets.eta},     {"phi", e.jets.phi},       {"mass", e.jets.mass},
      {"chHEF", e.jets.chHEF}, {"neHEF", e.jets.neHEF}, {"neEmEF", e.jets.neEmEF}, {"chEmEF", e.jets.chEmEF},
      {"btag", e.jets.btag},   {"area", e.jets.area}};
   for (const auto &[name, address] : jets)
      tree->Branch(Form("Jet_%s", name), address, Form("Jet_%s[nJet]/F", name));
   for (int i = 0; i < events; ++i) {
      const auto z = Boson(random);
      Decay(random, z, e.muons);
      TLorentzVector sum = z;
      Recoil(random, z, e.jets, sum);
      e.PV_npvs = 1 + random.Poisson(25);
      e.PV_z = random.Gaus(0, 3.5);
      e.rho = e.PV_npvs * random.Gaus(0.8, 0.08);
      e.weight = random.Uniform() < 0.1 ? -1 : 1;
      const double x = -sum.Px() + random.Gaus(0, 3 * std::sqrt(e.PV_npvs)),
                   y = -sum.Py() + random.Gaus(0, 3 * std::sqrt(e.PV_npvs));
      e.MET_pt = std::hypot(x, y);
      e.MET_phi = std::atan2(y, x);
      e.MET_sumEt = 60 * e.PV_npvs * random.Gaus(1, 0.1) + sum.Et();
      tree->Fill();
   }
   file.Write();
   return 0;
}
