// Turns a status of the Rust core into an exception that carries the core's message.
#ifndef ROOTBALER_CHECK_H
#define ROOTBALER_CHECK_H

#include "RootBaler/Error.h"

#include <rootbaler/rootbaler.h>

#include <string>

namespace RootBaler {
namespace Internal {

/// Throws if a function of the core failed, with what was being done (if given) and the core's own words.
inline void Check(RbStatus status, const std::string &what = "")
{
   if (status != RB_OK)
      throw Error(static_cast<EStatus>(status), what.empty() ? rb_last_error() : what + ": " + rb_last_error());
}

} // namespace Internal
} // namespace RootBaler

#endif
