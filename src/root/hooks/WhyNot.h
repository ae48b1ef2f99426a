// Why baskets can be neither read nor written in this ROOT, if so. Said by whoever puts the hooks in place.
#ifndef ROOTBALER_WHYNOT_H
#define ROOTBALER_WHYNOT_H

#include <string>

namespace RootBaler {
namespace Internal {

struct Obstacles {
   std::string fWriting;
   std::string fReading;
};

/// Empty if every hook that writing (reading) needs is in place, else what is missing and what to do.
const std::string &WhyNoWriting();
const std::string &WhyNoReading();

/// Once, when the library is loaded.
void SetObstacles(const Obstacles &obstacles);

} // namespace Internal
} // namespace RootBaler

#endif
