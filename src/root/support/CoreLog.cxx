// The core's messages go through ROOT's message handler, each text once, as all of ours do.
#include "support/Message.h"

#include <rootbaler/rootbaler.h>

#include <cstdint>
#include <exception>

namespace RootBaler {
namespace Internal {

namespace {

enum ELevel : std::uint32_t { kErrors = 1, kWarnings = 2, kAll = 5 };

extern "C" void Show(void *, std::uint32_t level, const char *text)
{
   try {
      if (level == kErrors)
         ErrorOnce(text);
      else if (level == kWarnings)
         WarningOnce(text);
      else
         Debug(text);
   } catch (const std::exception &) { // out of memory; nobody could be told
   }
}

// When the library is loaded. Nothing is said before, and nothing can be done about a failure.
[[maybe_unused]] const RbStatus gStatus = rb_set_log(Show, nullptr, IsDebug() ? kAll : kWarnings);

} // namespace

} // namespace Internal
} // namespace RootBaler
