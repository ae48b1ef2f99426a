// Comparing scalar float and double branches against a bound, quickly.
#ifndef ROOTBALER_TOOLS_COLUMNCHECK_H
#define ROOTBALER_TOOLS_COLUMNCHECK_H

#include "ErrorTrap.h"
#include "RootBaler/Tools.h"

#include <TBranch.h>

namespace RootBaler {
namespace Internal {

/// Fills in worst error, values and violations of `check`, whose fBound must be set.
void CheckColumn(TBranch &before, TBranch &after, BranchCheck &check, ErrorTrap &trap);

} // namespace Internal
} // namespace RootBaler

#endif
