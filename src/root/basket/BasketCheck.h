// Headers of baskets, checked before ROOT reads them: it trusts their lengths, and a flipped bit can make it crash.
#ifndef ROOTBALER_TOOLS_BASKETCHECK_H
#define ROOTBALER_TOOLS_BASKETCHECK_H

class TTree;

namespace RootBaler {
namespace Internal {

/// Throws Error (corrupt) unless every basket in the file of `tree` has a header that fits its length.
void CheckBaskets(TTree &tree);

} // namespace Internal
} // namespace RootBaler

#endif
