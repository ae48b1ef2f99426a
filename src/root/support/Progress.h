// How far a long operation is.
#ifndef ROOTBALER_PROGRESS_H
#define ROOTBALER_PROGRESS_H

#include "RootBaler/Tools.h"

#include <cstdint>
#include <string>

namespace RootBaler {
namespace Internal {

/// Tells the caller how far the work is; throws if it asks to stop.
inline void Report(const Progress &progress, const std::string &stage, std::uint64_t done, std::uint64_t total)
{
   if (progress && !progress(stage, done, total))
      throw Error(EStatus::kInterrupted, "interrupted");
}

} // namespace Internal
} // namespace RootBaler

#endif
