#include "support/ErrorTrap.h"

#include <atomic>

namespace RootBaler {
namespace Internal {

namespace {
std::atomic<ErrorTrap *> gActive{nullptr};
}

ErrorTrap::ErrorTrap() : fPreviousHandler(GetErrorHandler()), fPreviousTrap(gActive.exchange(this))
{
   SetErrorHandler(&ErrorTrap::Handle);
}

ErrorTrap::~ErrorTrap()
{
   SetErrorHandler(fPreviousHandler);
   gActive = fPreviousTrap;
}

void ErrorTrap::Handle(int level, Bool_t abort, const char *location, const char *message)
{
   ErrorTrap *trap = gActive;
   // an abort must keep ROOT's own way out, and warnings belong to the user
   if (!trap || abort || level < kError) {
      DefaultErrorHandler(level, abort, location, message);
      return;
   }
   const std::lock_guard<std::mutex> lock(trap->fMutex);
   if (trap->fText.empty())
      trap->fText = std::string(location ? location : "ROOT") + ": " + (message ? message : "error");
}

bool ErrorTrap::HasError() const
{
   const std::lock_guard<std::mutex> lock(fMutex);
   return !fText.empty();
}

std::string ErrorTrap::Text() const
{
   const std::lock_guard<std::mutex> lock(fMutex);
   return fText;
}

void ErrorTrap::Clear()
{
   const std::lock_guard<std::mutex> lock(fMutex);
   fText.clear();
}

void ErrorTrap::Check(EStatus status, const std::string &context) const
{
   if (HasError())
      Throw(status, context);
}

void ErrorTrap::Throw(EStatus status, const std::string &context) const
{
   const std::string text = Text();
   throw Error(status, text.empty() ? context : context + " (ROOT: " + text + ")");
}

} // namespace Internal
} // namespace RootBaler
