// The same work for many things, on all processors.
#ifndef ROOTBALER_PARALLEL_H
#define ROOTBALER_PARALLEL_H

#include <cstddef>
#include <functional>

namespace RootBaler {
namespace Internal {

/// Calls `work` for each number below `count`, from as many threads as there are processors, this one among them, which
/// calls `between` before each of its own. The first exception ends it, and is thrown here. ROOT's errors in other
/// threads are for the ErrorTraps that `work` makes.
void ForEach(std::size_t count, const std::function<void(std::size_t)> &work, const std::function<void()> &between);

} // namespace Internal
} // namespace RootBaler

#endif
