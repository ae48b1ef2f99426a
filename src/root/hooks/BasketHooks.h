// The replacements of ROOT's functions that read, write and copy baskets: they note which basket it is.
#ifndef ROOTBALER_BASKETHOOKS_H
#define ROOTBALER_BASKETHOOKS_H

#include <Rtypes.h>

class TBasket;
class TBranch;
class TFile;
class TTreeCacheUnzip;

namespace RootBaler {
namespace Internal {

struct ReadContext;
struct WriteContext;

/// What this thread is reading (writing); null outside of baskets.
ReadContext *CurrentRead();
WriteContext *CurrentWrite();

Int_t HookReadBasketBuffers(TBasket *basket, Long64_t pos, Int_t len, TFile *file);
Int_t HookWriteBuffer(TBasket *basket);
Int_t HookWriteBasket(TBranch *branch, TBasket *basket, Int_t where, void *imtHelper);
Long64_t HookCopyTo(TBasket *basket, TFile *to);
Int_t HookCacheUnzip(TTreeCacheUnzip *cache, char **dest, char *src);

} // namespace Internal
} // namespace RootBaler

#endif
