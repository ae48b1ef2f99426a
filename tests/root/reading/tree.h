// The values of the branches beside c0 .. c5 in the trees that inputs.sh writes.
#ifndef ROOTBALER_TEST_TREE_H
#define ROOTBALER_TEST_TREE_H

#include "../data.h"

inline int Elements(Long64_t entry) { return int(entry % 10); } // n, the counter of counted[n]; the length of jagged
inline float Counted(Long64_t entry, int element) { return float(entry + element); }
inline float Fixed(Long64_t entry, int element) { return entry * 0.25f + element; }
inline Long64_t EntryOf(int number) { return number / 7; } // number tells an entry in any order

/// How many entries must, and how many can, pass the cut c0 > 0: c0 is known within the bound.
struct Selected {
   Long64_t fMust = 0, fCan = 0;
   Selected()
   {
      for (Long64_t i = 0; i < kEntries; ++i) {
         fMust += Value(0, i) > kBound;
         fCan += Value(0, i) > -kBound;
      }
   }
   bool Takes(Long64_t n) const { return fMust > 0 && fMust <= n && n <= fCan; }
};

#endif
