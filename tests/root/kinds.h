// The values of the tree with all kinds of branches, computed anew by every process that writes or checks them.
#ifndef ROOTBALER_TEST_KINDS_H
#define ROOTBALER_TEST_KINDS_H

#include "data.h"
#include "packed.h"

#include <TROOT.h>

constexpr Long64_t kKindEntries = 6000;
constexpr int kJetColumns = 4; // pt, eta and mass follow from each other; charge is an integer
constexpr int kMaxJets = 12;
inline const char *JetName(int column)
{
   static const char *const names[] = {"Jet_q", "Jet_pt", "Jet_eta", "Jet_mass"};
   return names[column];
}

/// Before 6.39, the packages on PyPI cannot write a branch of std::vector<std::vector<float>> from a macro.
inline bool HasNested() { return gROOT->GetVersionInt() >= 63900; }

/// Elements of an entry: none in every fifth, none at all for a while.
inline int JetCount(Long64_t entry)
{
   if (entry % 5 == 0 || (entry >= 2000 && entry < 2300))
      return 0;
   return int((std::uint64_t(entry) * 2654435761u >> 7) % kMaxJets) + 1;
}

/// Jets are sorted by pt; mass and eta follow from charge and pt but for a little noise.
inline double JetValue(int column, Long64_t entry, int element)
{
   const std::uint64_t id = entry * 64 + element;
   const double q = double((id * 2246822519u >> 9) % 3) - 1;
   const double pt = 200 * std::exp(-0.4 * element) * (1 + 0.1 * Noise(id, 1));
   switch (column) {
   case 0: return q;
   case 1: return float(pt);
   case 2: return float(q + 0.01 * pt + 0.05 * Noise(id, 2));
   default: return 0.1 * pt + q + 0.02 * Noise(id, 3);
   }
}

#endif
