// The values of the tree whose reconstructed objects point to generated ones.
#ifndef ROOTBALER_TEST_FOREIGN_H
#define ROOTBALER_TEST_FOREIGN_H

#include "data.h"

constexpr Long64_t kForeignEntries = 5000;
constexpr int kMaxObjects = 8;

/// Generated objects: none in every seventh entry.
inline int GenCount(Long64_t entry)
{
   return entry % 7 == 0 ? 0 : int((std::uint64_t(entry) * 2654435761u >> 5) % kMaxObjects) + 1;
}

/// Reconstructed objects: sometimes more than generated ones.
inline int RecCount(Long64_t entry)
{
   return int((std::uint64_t(entry) * 2246822519u >> 6) % (kMaxObjects + 1));
}

/// Where a reconstructed object points to: -1 for none, sometimes beyond the end.
inline int GenIndex(Long64_t entry, int element)
{
   const int n = GenCount(entry);
   return element % 5 == 4 ? -1 : (element * 3 + int(entry)) % (n + 1);
}

inline float GenPt(Long64_t entry, int element)
{
   return float(60 * (1 + Noise(entry * 16 + element, 4)));
}

/// That of the generated object but for a little noise, if there is one.
inline float RecPt(Long64_t entry, int element)
{
   const int index = GenIndex(entry, element);
   const double noise = Noise(entry * 16 + element, 5);
   return index >= 0 && index < GenCount(entry) ? float(GenPt(entry, index) + 0.1 * noise) : float(60 * (1 + noise));
}

#endif
