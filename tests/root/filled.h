// A tree of c0 .. c5 and of jets with their counter, in group or single mode, as tests of writing fill it.
#ifndef ROOTBALER_TEST_FILLED_H
#define ROOTBALER_TEST_FILLED_H

#include "kinds.h"
#include <RootBaler/Codec.h>
#include <TTree.h>

#include <functional>

/// The branches of the tree and their values.
class Filled {
public:
   /// With models, for writing: those in the folder `models`, where they are group.rbm and jagged.rbm.
   Filled(TTree &tree, const std::string &models, const std::string &mode,
          const std::function<int(int)> &basketSize = [](int) { return 32000; })
      : fTree(tree)
   {
      RootBaler::Codec codec;
      codec.AddModelFile(models + "/group.rbm");
      codec.AddModelFile(models + "/jagged.rbm");
      codec.SetMode(mode);
      codec.Attach(&tree);
      ForEach([&](const std::string &name, const std::string &leaves, void *address, int column) {
         tree.Branch(name.c_str(), address, leaves.c_str(), basketSize(column))
            ->SetCompressionSettings(RootBaler::Setting());
      });
   }

   /// For reading.
   explicit Filled(TTree &tree) : fTree(tree)
   {
      ForEach([&](const std::string &name, const std::string &, void *address, int) {
         Require(tree.GetBranch(name.c_str()), "branch " + name + " is there");
         tree.GetBranch(name.c_str())->SetAddress(address);
      });
   }

   ~Filled() { fTree.ResetBranchAddresses(); }
   Filled(const Filled &) = delete;

   Int_t Fill(Long64_t entry)
   {
      for (int c = 0; c < kColumns; ++c)
         fFloat[c] = fDouble[c] = Value(c, entry % kEntries);
      fN = JetCount(entry);
      for (int k = 0; k < fN; ++k) {
         fCharge[k] = int(JetValue(0, entry, k));
         fPt[k] = float(JetValue(1, entry, k));
         fEta[k] = float(JetValue(2, entry, k));
         fMass[k] = JetValue(3, entry, k);
      }
      return fTree.Fill();
   }

   /// All branches at this entry, the last first: they need the others.
   void Check(Long64_t entry, const std::string &how)
   {
      const auto &branches = *fTree.GetListOfBranches();
      for (int i = branches.GetLast(); i >= 0; --i) {
         auto &branch = static_cast<TBranch &>(*branches[i]);
         Require(branch.GetEntry(entry) >= 0, how + ": entry " + std::to_string(entry) + " of " + branch.GetName() +
                                                 " can be read");
      }
      for (int c = 0; c < kColumns; ++c)
         RequireClose(IsDouble(c) ? fDouble[c] : fFloat[c], c, entry % kEntries, how);
      Require(fN == JetCount(entry), how + ": the number of jets of entry " + std::to_string(entry));
      for (int k = 0; k < fN; ++k) {
         const double read[] = {double(fCharge[k]), fPt[k], fEta[k], fMass[k]};
         for (int c = 0; c < kJetColumns; ++c)
            Require(std::abs(read[c] - JetValue(c, entry, k)) <= (c == 0 ? 0 : kBound),
                    how + ": " + JetName(c) + " of entry " + std::to_string(entry));
      }
   }

private:
   template <typename Visit>
   void ForEach(Visit visit)
   {
      for (int c = 0; c < kColumns; ++c) {
         void *address = &fFloat[c];
         if (IsDouble(c))
            address = &fDouble[c];
         visit(Name(c), Name(c) + (IsDouble(c) ? "/D" : "/F"), address, c);
      }
      visit("nJet", "nJet/I", &fN, kColumns);
      visit("Jet_q", "Jet_q[nJet]/I", fCharge, kColumns + 1);
      visit("Jet_pt", "Jet_pt[nJet]/F", fPt, kColumns + 2);
      visit("Jet_eta", "Jet_eta[nJet]/F", fEta, kColumns + 3);
      visit("Jet_mass", "Jet_mass[nJet]/D", fMass, kColumns + 4);
   }

   TTree &fTree;
   float fFloat[kColumns];
   double fDouble[kColumns];
   int fN, fCharge[kMaxJets];
   float fPt[kMaxJets], fEta[kMaxJets];
   double fMass[kMaxJets];
};

#endif
