// Turns a status of the Rust core into an exception that carries the core's message.
#ifndef ROOTBALER_CHECK_H
#define ROOTBALER_CHECK_H

#include "RootBaler/Error.h"

#include <rootbaler/rootbaler.h>

#include <string>

namespace RootBaler {
namespace Internal {

inline void Check(RbStatus status)
{
   if (status != RB_OK)
      throw Error(static_cast<EStatus>(status), rb_last_error());
}

} // namespace Internal
} // namespace RootBaler

#endif
