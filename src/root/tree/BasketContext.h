// Which basket this thread is reading or writing: ROOT's compression functions see bytes only. The hooks say it.
#ifndef ROOTBALER_BASKETCONTEXT_H
#define ROOTBALER_BASKETCONTEXT_H

#include <Rtypes.h>

class TBasket;
class TFile;

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
};

/// A call of TBasket::WriteBuffer.
struct WriteContext {
   TBasket *fBasket;
   Int_t fWhere; ///< number of the basket, or -1 if its branch is not held still for us
};

} // namespace Internal
} // namespace RootBaler

#endif
