// Reading a file from several threads without a cache.
#ifndef ROOTBALER_LOCKEDREADS_H
#define ROOTBALER_LOCKEDREADS_H

class TTree;

namespace RootBaler {
namespace Internal {

/// Makes a tree read its baskets one by one from its file, each when it is asked for; threads may read different
/// branches. (Where a tree has no cache at all, ROOT reads the file without a lock: TBasket::ReadBasketBuffers.)
void ReadWithoutCache(TTree &tree);

} // namespace Internal
} // namespace RootBaler

#endif
