#include "support/FileId.h"

#include "support/ByObject.h"

#include <TFile.h>

#include <atomic>

namespace RootBaler {
namespace Internal {

namespace {

ByObject<std::uint64_t> &Ids()
{
   static auto &ids = ByObject<std::uint64_t>::Make();
   return ids;
}

[[maybe_unused]] const auto &gIds = Ids(); // when the library is loaded
std::atomic<std::uint64_t> gLast{0};

} // namespace

std::uint64_t FileId(TFile &file)
{
   const auto known = Ids().Find(file);
   return known ? *known : Ids().Add(file, ++gLast);
}

} // namespace Internal
} // namespace RootBaler
