#include "hooks/WhyNot.h"

#include <atomic>

namespace RootBaler {
namespace Internal {

namespace {

std::atomic<const Obstacles *> gObstacles{nullptr};

// Other threads may come through a hook while the next one is put in place.
const Obstacles &Current()
{
   static const Obstacles loading = {"it is still being loaded", "it is still being loaded"};
   const Obstacles *obstacles = gObstacles;
   return obstacles ? *obstacles : loading;
}

} // namespace

const std::string &WhyNoWriting()
{
   return Current().fWriting;
}

const std::string &WhyNoReading()
{
   return Current().fReading;
}

void SetObstacles(const Obstacles &obstacles)
{
   gObstacles = new Obstacles(obstacles); // for as long as the process lives
}

} // namespace Internal
} // namespace RootBaler
