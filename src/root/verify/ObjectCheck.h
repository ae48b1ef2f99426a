// Comparing branches of any kind for exact equality.
#ifndef ROOTBALER_TOOLS_OBJECTCHECK_H
#define ROOTBALER_TOOLS_OBJECTCHECK_H

#include "support/ErrorTrap.h"
#include "RootBaler/Tools.h"

#include <TBranch.h>

namespace RootBaler {
namespace Internal {

/// Fills in values and violations of `check`, entry by entry.
void CheckObjects(TBranch &before, TBranch &after, BranchCheck &check, ErrorTrap &trap);

} // namespace Internal
} // namespace RootBaler

#endif
