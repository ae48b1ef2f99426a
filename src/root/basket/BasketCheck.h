// Headers of baskets, checked before ROOT reads them: it trusts their lengths, and a flipped bit can make it crash.
#ifndef ROOTBALER_TOOLS_BASKETCHECK_H
#define ROOTBALER_TOOLS_BASKETCHECK_H

class TBranch;
class TTree;

namespace RootBaler {
namespace Internal {

/// Throws Error (corrupt) unless every basket in the file of `tree` has a header that fits its length.
void CheckBaskets(TTree &tree);

/// Whether the baskets of `branch` have all entries of its tree, and no others, and ROOT can read them. (Branches may
/// be filled apart from their tree; files of other writers may have a version for which ROOT reads baskets otherwise.)
bool IsWhole(TBranch &branch);

} // namespace Internal
} // namespace RootBaler

#endif
