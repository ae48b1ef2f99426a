// Comparing branches of numbers against their bounds, quickly.
#ifndef ROOTBALER_TOOLS_COLUMNCHECK_H
#define ROOTBALER_TOOLS_COLUMNCHECK_H

#include "BasketLayout.h"
#include "ErrorTrap.h"
#include "RootBaler/Tools.h"

#include <TBranch.h>

#include <functional>
#include <string>

namespace RootBaler {
namespace Internal {

/// The bound that a file promises for a branch or a leaf.
using BoundOf = std::function<std::string(const std::string &)>;

/// Fills in bound, worst error, values and violations of `check`. Both branches have this layout.
void CheckColumn(TBranch &before, TBranch &after, const BasketLayout &layout, const BoundOf &boundOf,
                 BranchCheck &check, ErrorTrap &trap);

} // namespace Internal
} // namespace RootBaler

#endif
