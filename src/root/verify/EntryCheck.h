// Comparing branches of any kind, byte by byte, as their baskets hold them: no class needs to be known.
#ifndef ROOTBALER_TOOLS_ENTRYCHECK_H
#define ROOTBALER_TOOLS_ENTRYCHECK_H

#include "RootBaler/Tools.h"

#include <TBranch.h>

namespace RootBaler {
namespace Internal {

/// Whether the baskets of two branches have the same bytes before compression, and the same borders. False also where
/// it takes a codec to tell. Needs no branch that ROOT can read.
bool HaveSameBaskets(TBranch &before, TBranch &after);

/// Compares a branch, without those below it, entry by entry, wherever baskets begin; adds to values and violations of
/// `check`.
void CheckEntries(TBranch &before, TBranch &after, BranchCheck &check);

} // namespace Internal
} // namespace RootBaler

#endif
