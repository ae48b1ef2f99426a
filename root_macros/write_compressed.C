/// \file write_compressed.C
/// Writes a new tree with RootBaler: two lines more than for any other tree, marked (1) and (2).
///
///     . build/env.sh
///     root -l -b -q 'root_macros/write_compressed.C("written.root")'                   # bounds alone
///     rootbaler train written.root --bound abs=0.01 -o jets.model                     # learn from it ...
///     root -l -b -q 'root_macros/write_compressed.C("fewer_bytes.root", "jets.model")' # ... and write less
///
/// A file that is there is not replaced.

#include <RootBaler/Codec.h>

#include <TFile.h>
#include <TROOT.h>
#include <TRandom3.h>
#include <TSystem.h>
#include <TTree.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>

R__LOAD_LIBRARY(libRootBaler)

/// One made-up collision: jets in falling order of pt, and what follows from them.
struct Event {
   static constexpr int kMaxJets = 12;
   Int_t fNumber, fNJet;
   Float_t fPt[kMaxJets], fEta[kMaxJets], fPhi[kMaxJets], fEnergy[kMaxJets];
   Float_t fMetPt, fMetPhi;
   Double_t fHt;

   void Generate(Int_t number, TRandom &random)
   {
      fNumber = number;
      fNJet = std::min<Int_t>(random.Poisson(4), kMaxJets);
      double x = random.Gaus(0, 12), y = random.Gaus(0, 12);
      double pt[kMaxJets];
      for (int i = 0; i < fNJet; ++i)
         pt[i] = 20 + random.Exp(40);
      std::sort(pt, pt + fNJet, std::greater<double>());
      fHt = 0;
      for (int i = 0; i < fNJet; ++i) {
         const double eta = random.Gaus(0, 1.5), phi = random.Uniform(-M_PI, M_PI);
         const double mass = pt[i] * random.Uniform(0.08, 0.15);
         fPt[i] = pt[i];
         fEta[i] = eta;
         fPhi[i] = phi;
         fEnergy[i] = std::sqrt(std::pow(pt[i] * std::cosh(eta), 2) + mass * mass);
         fHt += pt[i];
         x -= 0.2 * pt[i] * std::cos(phi);
         y -= 0.2 * pt[i] * std::sin(phi);
      }
      fMetPt = std::hypot(x, y);
      fMetPhi = std::atan2(y, x);
   }
};

int write_compressed(const char *output = "written.root", const char *model = "", Int_t entries = 20000)
{
   try {
      if (!gSystem->AccessPathName(output)) // true if there is none
         throw std::runtime_error(Form("%s exists: name another file, or remove it", output));
      RootBaler::Codec codec;
      if (*model)
         codec.AddModelFile(model);
      std::unique_ptr<TFile> file{TFile::Open(output, "CREATE")};
      if (!file)
         throw std::runtime_error(Form("%s cannot be written", output));

      // The tree as always; the file owns it.
      Event event;
      auto *tree = new TTree("Events", "made-up jets");
      tree->Branch("event", &event.fNumber, "event/I");
      tree->Branch("nJet", &event.fNJet, "nJet/I");
      tree->Branch("Jet_pt", event.fPt, "Jet_pt[nJet]/F");
      tree->Branch("Jet_eta", event.fEta, "Jet_eta[nJet]/F");
      tree->Branch("Jet_phi", event.fPhi, "Jet_phi[nJet]/F");
      tree->Branch("Jet_energy", event.fEnergy, "Jet_energy[nJet]/F");
      tree->Branch("MET_pt", &event.fMetPt, "MET_pt/F");
      tree->Branch("MET_phi", &event.fMetPhi, "MET_phi/F");
      tree->Branch("HT", &event.fHt, "HT/D");

      // (1) The codec says how far values may move. A model has learned from such a tree, and knows the bounds of its
      // branches. Of the others, those that are named here have a bound; the rest, and all integers, stay exact.
      codec.SetBound("*_pt", "abs=0.01");
      codec.SetBound("*_energy", "abs=0.01");
      codec.SetBound("*_eta", "abs=0.001");
      codec.SetBound("*_phi", "abs=0.001");
      codec.Attach(tree);

      // (2) The compression setting hands the baskets of a branch to RootBaler.
      for (auto *branch : *tree->GetListOfBranches())
         static_cast<TBranch *>(branch)->SetCompressionSettings(RootBaler::Setting());

      TRandom3 random(1);
      for (Int_t i = 0; i < entries; ++i) {
         event.Generate(i, random);
         tree->Fill();
      }
      file->Write();
      std::cout << output << ": " << tree->GetTotBytes() << " bytes became " << tree->GetZipBytes() << '\n';
   } catch (const std::exception &error) {
      std::cerr << "write_compressed.C: " << error.what() << '\n';
      if (gROOT->IsBatch())
         gSystem->Exit(1); // ROOT itself would return 0
      return 1;
   }
   return 0;
}
