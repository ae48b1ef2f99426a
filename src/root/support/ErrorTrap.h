// ROOT reports errors by printing them. An ErrorTrap keeps what ROOT would print, so that it becomes one exception.
// ROOT has one handler for all threads: what comes from others, and all that is no error, goes to the one before.
#ifndef ROOTBALER_TOOLS_ERRORTRAP_H
#define ROOTBALER_TOOLS_ERRORTRAP_H

#include "RootBaler/Error.h"

#include <TError.h>

#include <optional>
#include <string>

namespace RootBaler {
namespace Internal {

/// While it lives, the errors that ROOT reports in the thread that made it are kept instead of printed. It must end in
/// that thread, before those that were made earlier.
class ErrorTrap {
public:
   ErrorTrap();
   ~ErrorTrap();
   ErrorTrap(const ErrorTrap &) = delete;
   ErrorTrap &operator=(const ErrorTrap &) = delete;

   bool HasError() const { return !fText.empty(); }
   /// The first error since the last Clear(): the cause; those after it are mostly consequences.
   const std::string &Text() const { return fText; }
   void Clear();
   /// Throws if ROOT reported an error.
   void Check(EStatus status, const std::string &context) const;
   /// Throws in any case, with ROOT's own words if there are any. An error of ours keeps its status.
   [[noreturn]] void Throw(EStatus status, const std::string &context) const;

private:
   static void Handle(int level, Bool_t abort, const char *location, const char *message);

   std::string fText;
   std::optional<EStatus> fStatus; ///< of an error of ours that ROOT stands between
   ErrorTrap *fPrevious; ///< of this thread
};

} // namespace Internal
} // namespace RootBaler

#endif
