// Calls into the Rust core: its status codes become exceptions, its handles are freed.
#ifndef ROOTBALER_TOOLS_CORECALL_H
#define ROOTBALER_TOOLS_CORECALL_H

#include "RootBaler/Tools.h"
#include "rootbaler/rootbaler.h"

#include <string>

namespace RootBaler {
namespace Internal {

/// Throws if a core function failed, with what was being done and the core's own words.
inline void CheckCore(RbStatus status, const std::string &context)
{
   if (status != RB_OK)
      throw Error(static_cast<EStatus>(status), context + ": " + rb_last_error());
}

/// Tells the caller how far the work is; throws if it asks to stop.
inline void Report(const Progress &progress, const std::string &stage, std::uint64_t done, std::uint64_t total)
{
   if (progress && !progress(stage, done, total))
      throw Error(EStatus::kInterrupted, "interrupted");
}

} // namespace Internal
} // namespace RootBaler

#endif
