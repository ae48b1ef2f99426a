// Compresses baskets while ROOT writes them.
#ifndef ROOTBALER_BASKETWRITER_H
#define ROOTBALER_BASKETWRITER_H

#include <Rtypes.h>

class TBasket;
class TBranch;

namespace RootBaler {
namespace Internal {

struct WriteContext;

/// ROOT begins to write a basket of `branch`. True if the branch is coded together with others: then it must be
/// written by this thread, and EndBasket() called afterwards.
bool BeginBasket(TBranch &branch, TBasket &basket, Int_t where);
void EndBasket(TBranch &branch);

/// Compresses the content of a basket to at most `capacity` bytes. False if it is not ours to compress, or gets no
/// smaller. Throws if it should have been.
bool EncodeBasket(const WriteContext &context, int level, const char *src, int size, char *tgt, int capacity,
                  int &written);

} // namespace Internal
} // namespace RootBaler

#endif
