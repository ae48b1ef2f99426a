// What was seen of baskets that were decoded, as other baskets will need it again: bounded, for all threads.
#ifndef ROOTBALER_VIEWCACHE_H
#define ROOTBALER_VIEWCACHE_H

#include "codec/Model.h"

#include <Rtypes.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class TFile;

namespace RootBaler {
namespace Internal {

/// What other baskets need of a basket: the contexts of a model's column, or the numbers of a counter.
struct BasketView {
   ColumnContext fContext;
   std::vector<std::uint32_t> fCounts;
   std::vector<std::uint8_t> fBytes; ///< all of the basket, for who asks for it itself later
};
using ViewPtr = std::shared_ptr<const BasketView>;

/// The columns of views that belong to no model: these have the hash 0.
enum : std::size_t { kCountsView = 0, kBytesView = 1 };

/// Names a view of a basket among all files of the process. Nothing for a file that is being
/// written: its places may be used again.
std::optional<std::string> CacheKey(TFile &file, Long64_t pos, std::uint64_t modelHash, std::size_t column);

/// Null if it is not there.
ViewPtr FindView(const std::string &key);
/// Finds and forgets it.
ViewPtr TakeView(const std::string &key);
/// Forgets those not used for longest when there are more than ROOTBALER_CACHE_MB (64) megabytes for each thread that
/// keeps views.
void KeepView(const std::string &key, const ViewPtr &view);

} // namespace Internal
} // namespace RootBaler

#endif
