// Reads what write_compressed.C or its Python twin wrote, and compares every value with what was generated.
#include "../../root_macros/columns.h"
#include "../../root_macros/write_compressed.C"

/// `bound` is the model's for all floats but HT (which has none without a model); 0: the bounds of the macro.
int written(const char *path, double bound = 0, Int_t entries = 20000)
{
   try {
      auto file = Columns::Open(path);
      auto *tree = file->Get<TTree>("Events");
      if (!tree || tree->GetEntries() != entries)
         throw std::runtime_error(Form("%s has no tree Events with %d entries", path, entries));
      auto require = [&](double read, double written, double allowed, const char *branch, Int_t entry) {
         if (!(std::abs(read - written) <= allowed))
            throw std::runtime_error(Form("%s of entry %d is %.9g, was %.9g", branch, entry, read, written));
      };
      const double pt = bound > 0 ? bound : 0.01, angle = bound > 0 ? bound : 0.001;
      Event read, event;
      const std::pair<const char *, void *> branches[] = {
         {"event", &read.fNumber}, {"nJet", &read.fNJet},   {"Jet_pt", read.fPt},   {"Jet_eta", read.fEta},
         {"Jet_phi", read.fPhi},   {"Jet_energy", read.fEnergy}, {"MET_pt", &read.fMetPt}, {"MET_phi", &read.fMetPhi},
         {"HT", &read.fHt}};
      for (auto &[name, address] : branches)
         tree->SetBranchAddress(name, address);
      TRandom3 random(1);
      bool moved = false;
      for (Int_t i = 0; i < entries; ++i) {
         if (tree->GetEntry(i) <= 0)
            throw std::runtime_error(Form("entry %d cannot be read", i));
         event.Generate(i, random);
         require(read.fNumber, event.fNumber, 0, "event", i);
         require(read.fNJet, event.fNJet, 0, "nJet", i);
         for (int k = 0; k < event.fNJet; ++k) {
            require(read.fPt[k], event.fPt[k], pt, "Jet_pt", i);
            require(read.fEta[k], event.fEta[k], angle, "Jet_eta", i);
            require(read.fPhi[k], event.fPhi[k], angle, "Jet_phi", i);
            require(read.fEnergy[k], event.fEnergy[k], pt, "Jet_energy", i);
            moved |= read.fPt[k] != event.fPt[k];
         }
         require(read.fMetPt, event.fMetPt, pt, "MET_pt", i);
         require(read.fMetPhi, event.fMetPhi, angle, "MET_phi", i);
         require(read.fHt, event.fHt, bound, "HT", i);
      }
      if (!moved)
         throw std::runtime_error("no value moved: the bounds were not used");
   } catch (const std::exception &error) {
      return Columns::Fail("written.C", error);
   }
   return 0;
}
