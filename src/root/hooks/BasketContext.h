// Which basket this thread is reading or writing: ROOT's compression functions see bytes only.
#ifndef ROOTBALER_BASKETCONTEXT_H
#define ROOTBALER_BASKETCONTEXT_H

#include <Rtypes.h>

class TBasket;
class TBranch;
class TFile;
class TTreeCacheUnzip;

namespace RootBaler {
namespace Internal {

struct RecordHeader;

/// A call of TBasket::ReadBasketBuffers, or of TTreeCacheUnzip::UnzipBuffer.
struct ReadContext {
   TBasket *fBasket; ///< null in UnzipBuffer, which does not say which one it unzips
   Long64_t fPos;
   Int_t fLen;
   TFile *fFile;
   const RecordHeader *fHeader = nullptr; ///< in UnzipBuffer
   Int_t fConsumed = 0;                   ///< compressed bytes of the blocks decoded so far
   Int_t fProduced = 0;                   ///< bytes decoded so far
   static ReadContext *Current();
};

/// A call of TBasket::WriteBuffer.
struct WriteContext {
   TBasket *fBasket;
   Int_t fWhere; ///< number of the basket, or -1 if its branch is not held still for us
   static WriteContext *Current();
};

/// The replacements of ROOT's functions.
Int_t HookReadBasketBuffers(TBasket *basket, Long64_t pos, Int_t len, TFile *file);
Int_t HookWriteBuffer(TBasket *basket);
Int_t HookWriteBasket(TBranch *branch, TBasket *basket, Int_t where, void *imtHelper);
Long64_t HookCopyTo(TBasket *basket, TFile *to);
Int_t HookCacheUnzip(TTreeCacheUnzip *cache, char **dest, char *src);

} // namespace Internal
} // namespace RootBaler

#endif
