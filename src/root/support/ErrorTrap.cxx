#include "support/ErrorTrap.h"

#include "support/Message.h"

#include <atomic>
#include <cstring>
#include <mutex>

namespace RootBaler {
namespace Internal {

namespace {

thread_local ErrorTrap *gOfThisThread = nullptr;
thread_local bool gIsPassingOn = false;

// The handler that all traps together stand before. It stays there when they are gone: another thread may be on its
// way.
std::atomic<ErrorHandlerFunc_t> gBefore{&DefaultErrorHandler};
std::mutex gMutex; // of what follows, and of ROOT's handler
int gTraps = 0;

// What ROOT says of each class that it does not know when a tree or a key with such objects is read: their bytes are
// copied and compared as they are.
bool IsOfNoAccount(int level, const char *location, const char *message)
{
   return level == kWarning && location && message && std::strcmp(location, "TClass::Init") == 0 &&
          std::strncmp(message, "no dictionary for class", std::strlen("no dictionary for class")) == 0;
}

} // namespace

ErrorTrap::ErrorTrap() : fPrevious(gOfThisThread)
{
   gOfThisThread = this;
   const std::lock_guard<std::mutex> lock(gMutex);
   ++gTraps;
   if (GetErrorHandler() != &ErrorTrap::Handle)
      gBefore = SetErrorHandler(&ErrorTrap::Handle);
}

ErrorTrap::~ErrorTrap()
{
   gOfThisThread = fPrevious;
   const std::lock_guard<std::mutex> lock(gMutex);
   // Not if somebody has put another one in its place since.
   if (--gTraps == 0 && GetErrorHandler() == &ErrorTrap::Handle)
      SetErrorHandler(gBefore);
}

void ErrorTrap::Handle(int level, Bool_t abort, const char *location, const char *message)
{
   ErrorTrap *trap = gOfThisThread;
   if (trap && IsOfNoAccount(level, location, message))
      return;
   // an abort must keep ROOT's own way out
   if (!trap || abort || level < kError) {
      // a handler that was put before ours may call ours, and must not get it back
      const ErrorHandlerFunc_t before = gIsPassingOn ? &DefaultErrorHandler : gBefore.load();
      gIsPassingOn = true;
      before(level, abort, location, message);
      gIsPassingOn = false;
      return;
   }
   if (!trap->fText.empty())
      return;
   trap->fText = std::string(location ? location : "ROOT") + ": " + (message ? message : "error");
   trap->fStatus = SaidStatus();
}

void ErrorTrap::Clear()
{
   fText.clear();
   fStatus.reset();
}

void ErrorTrap::Check(EStatus status, const std::string &context) const
{
   if (HasError())
      Throw(status, context);
}

void ErrorTrap::Throw(EStatus status, const std::string &context) const
{
   throw Error(fStatus.value_or(status), fText.empty() ? context : context + " (ROOT: " + fText + ")");
}

} // namespace Internal
} // namespace RootBaler
