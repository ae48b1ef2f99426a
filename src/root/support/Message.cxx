#include "support/Message.h"

#include <TError.h>

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <unordered_set>

namespace RootBaler {
namespace Internal {

namespace {

constexpr std::size_t kMaxRemembered = 1000; // a process that meets more different errors may repeat them

// ROOT's error handlers get nothing but a text.
thread_local std::optional<EStatus> tStatus;

bool IsNew(const std::string &text)
{
   static std::mutex mutex;
   static auto *said = new std::unordered_set<std::string>; // never destroyed: files may be closed after main
   std::lock_guard<std::mutex> lock(mutex);
   if (said->size() >= kMaxRemembered)
      said->clear();
   return said->insert(text).second;
}

} // namespace

void ErrorOnce(const std::string &text, EStatus status)
{
   if (!IsNew(text))
      return;
   tStatus = status;
   ::Error("RootBaler", "%s", text.c_str());
   tStatus.reset();
}

std::optional<EStatus> SaidStatus()
{
   return tStatus;
}

void WarningOnce(const std::string &text)
{
   if (IsNew(text))
      ::Warning("RootBaler", "%s", text.c_str());
}

bool IsDebug()
{
   static const bool debug = [] {
      const char *value = std::getenv("ROOTBALER_DEBUG");
      return value && *value && std::strcmp(value, "0") != 0;
   }();
   return debug;
}

void Debug(const std::string &text)
{
   if (IsDebug())
      ::Info("RootBaler", "%s", text.c_str());
}

} // namespace Internal
} // namespace RootBaler
