// Contexts of baskets that were decoded, as other baskets will need them: bounded, for all threads.
#ifndef ROOTBALER_CONTEXTCACHE_H
#define ROOTBALER_CONTEXTCACHE_H

#include <Rtypes.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class TFile;

namespace RootBaler {
namespace Internal {

using ContextPtr = std::shared_ptr<const std::vector<std::int16_t>>;

/// Names a basket's content among all files of the process. Nothing for a file that is being written: its places may be
/// used again.
std::optional<std::string> CacheKey(TFile &file, Long64_t pos, std::uint64_t modelHash, std::size_t column);

/// Null if it is not there.
ContextPtr FindContext(const std::string &key);
/// Forgets those not used for longest when there are more than ROOTBALER_CACHE_MB (64) megabytes.
void KeepContext(const std::string &key, const ContextPtr &context);

} // namespace Internal
} // namespace RootBaler

#endif
