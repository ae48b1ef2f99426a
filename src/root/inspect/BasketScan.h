// Baskets as they lie in the file: sizes and coding, nothing decompressed.
#ifndef ROOTBALER_TOOLS_BASKETSCAN_H
#define ROOTBALER_TOOLS_BASKETSCAN_H

#include "support/ErrorTrap.h"
#include "RootBaler/Tools.h"

#include <TBranch.h>
#include <TFile.h>

#include <vector>

namespace RootBaler {
namespace Internal {

/// The baskets of a branch itself (not of its sub-branches).
std::vector<BasketInfo> ScanBaskets(TFile &file, TBranch &branch, ErrorTrap &trap);

} // namespace Internal
} // namespace RootBaler

#endif
