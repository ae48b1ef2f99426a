// The tree that the tests of RootBaler::Snapshot read, and what they add to it.
#ifndef ROOTBALER_TEST_SNAPSHOT_H
#define ROOTBALER_TEST_SNAPSHOT_H

#include "kinds.h"

constexpr Long64_t kSnapshotEntries = 12000;
/// An RVec that is made on the fly.
inline int AddedCount(int entry) { return entry % 4; }
inline float Added(int entry, int element) { return float(Value(0, entry) * element); }

#endif
