// ROOT reports errors by printing them. An ErrorTrap keeps what ROOT would print, so that it becomes one exception.
#ifndef ROOTBALER_TOOLS_ERRORTRAP_H
#define ROOTBALER_TOOLS_ERRORTRAP_H

#include "RootBaler/Error.h"

#include <TError.h>

#include <mutex>
#include <string>

namespace RootBaler {
namespace Internal {

/// While it lives, ROOT's errors are kept instead of printed. Warnings pass.
class ErrorTrap {
public:
   ErrorTrap();
   ~ErrorTrap();
   ErrorTrap(const ErrorTrap &) = delete;
   ErrorTrap &operator=(const ErrorTrap &) = delete;

   bool HasError() const;
   /// The first error since the last Clear(): the cause; those after it are mostly consequences.
   std::string Text() const;
   void Clear();
   /// Throws if ROOT reported an error.
   void Check(EStatus status, const std::string &context) const;
   /// Throws in any case, with ROOT's own words if there are any.
   [[noreturn]] void Throw(EStatus status, const std::string &context) const;

private:
   static void Handle(int level, Bool_t abort, const char *location, const char *message);

   mutable std::mutex fMutex;
   std::string fText;
   ErrorHandlerFunc_t fPreviousHandler;
   ErrorTrap *fPreviousTrap;
};

} // namespace Internal
} // namespace RootBaler

#endif
