// The values that simulate.cxx writes and check.C expects.
#ifndef HITS_H
#define HITS_H

#include <cmath>

struct Hit {
   int fChannel;
   float fTime;
   double fEnergy;
};

constexpr int kHits = 30000;
constexpr double kBound = 0.01;
constexpr const char *kBoundText = "abs=0.01";

inline Hit MakeHit(int i)
{
   const double phase = 0.001 * i * i;
   return {i % 64, float(100 * std::sin(phase)), 50 + 20 * std::cos(phase) + 0.5 * (i % 64)};
}

#endif
