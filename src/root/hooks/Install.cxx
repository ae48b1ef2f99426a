// Puts our functions in the place of ROOT's when the library is loaded.
#include "hooks/BasketHooks.h"
#include "hooks/GotPatcher.h"
#include "hooks/RootSymbols.h"
#include "hooks/WhyNot.h"
#include "hooks/Zip.h"
#include "support/Message.h"

#include <RVersion.h>
#include <TROOT.h>

#include <map>

namespace RootBaler {
namespace Internal {

namespace {

template <typename F>
void *Address(F *function)
{
   return reinterpret_cast<void *>(function);
}

std::string Places(const Redirection &redirection)
{
   std::map<std::string, int> slots;
   for (const std::string &library : redirection.fLibraries)
      ++slots[library];
   std::string text;
   for (const auto &slot : slots)
      text += " " + slot.first + "(" + std::to_string(slot.second) + ")";
   return text.empty() ? " nowhere" : text;
}

std::string VersionProblem()
{
   const int version = gROOT->GetVersionInt(); // e.g. 64000
   const int built = ROOT_VERSION_MAJOR * 10000 + ROOT_VERSION_MINOR * 100 + ROOT_VERSION_PATCH;
   if (version / 100 == built / 100)
      return "";
   return std::string("it was built for ROOT ") + ROOT_RELEASE + " and runs in " + gROOT->GetVersion() +
          "; build it again with this ROOT";
}

Obstacles Install()
{
   const std::string version = VersionProblem();
   if (!version.empty())
      return {version, version};
   enum { kZip, kUnzipHeader, kUnzip, kRead, kWrite, kWriteBasket, kCopyTo, kCacheUnzip };
   std::vector<Redirection> hooks = {
      {"R__zipMultipleAlgorithm", Address(HookZip), "libTree.", {}},
      {"R__unzip_header", Address(HookUnzipHeader), "libTree.", {}},
      {"R__unzip", Address(HookUnzip), "libTree.", {}},
      {ROOTBALER_READ_BASKET_BUFFERS, Address(HookReadBasketBuffers), "libTree.", {}},
      {ROOTBALER_WRITE_BUFFER, Address(HookWriteBuffer), "libTree.", {}},
      {ROOTBALER_WRITE_BASKET, Address(HookWriteBasket), "libTree.", {}},
      {ROOTBALER_COPY_TO, Address(HookCopyTo), "libTree.", {}},
      {ROOTBALER_CACHE_UNZIP, Address(HookCacheUnzip), "libTree.", {}},
   };
   const bool isThere[] = {true,
                           true,
                           true,
                           RootReadBasketBuffers != nullptr,
                           RootWriteBuffer != nullptr,
                           RootWriteBasket != nullptr,
                           RootCopyTo != nullptr,
                           RootCacheUnzip != nullptr};
   std::string error;
   for (std::size_t i = 0; i < hooks.size(); ++i)
      if (!isThere[i])
         error += std::string(" ") + hooks[i].fSymbol;
   if (error.empty())
      error = Redirect(hooks);
   for (const Redirection &hook : hooks)
      Debug(std::string("hooked ") + hook.fSymbol + " in" + Places(hook));
   auto missing = [&](std::initializer_list<int> needed) {
      std::string text;
      for (int i : needed)
         if (!isThere[i] || !hooks[i].IsComplete())
            text += std::string(text.empty() ? "" : ", ") + hooks[i].fSymbol;
      if (text.empty())
         return text;
      return "no call of " + text + " was found in ROOT's libTree (ROOT " + gROOT->GetVersion() +
             "); build ROOT with shared libraries and without -Bsymbolic, or ask for support of this version" +
             (error.empty() ? "" : " [" + error + "]");
   };
   return {missing({kZip, kUnzipHeader, kUnzip, kRead, kWrite, kWriteBasket, kCopyTo}),
           missing({kUnzipHeader, kUnzip, kRead, kCacheUnzip})};
}

void Say(const Obstacles &obstacles)
{
   if (!obstacles.fReading.empty() && obstacles.fReading == obstacles.fWriting) {
      ErrorOnce("can neither read nor write compressed baskets: " + obstacles.fReading);
      return;
   }
   if (!obstacles.fReading.empty())
      ErrorOnce("cannot read compressed baskets: " + obstacles.fReading);
   if (!obstacles.fWriting.empty())
      ErrorOnce("cannot write; zstd is used in its place: " + obstacles.fWriting);
}

[[maybe_unused]] const bool gIsInstalled = [] {
   const Obstacles obstacles = Install();
   SetObstacles(obstacles);
   Say(obstacles);
   return true;
}();

} // namespace

} // namespace Internal
} // namespace RootBaler
