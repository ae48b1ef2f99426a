// The trees of a file.
#ifndef ROOTBALER_FINDTREES_H
#define ROOTBALER_FINDTREES_H

#include "support/ErrorTrap.h"

#include <TFile.h>
#include <TTree.h>

#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// Paths of all trees of the file.
std::vector<std::string> TreePaths(TFile &file, ErrorTrap &trap);

/// The tree at this path, with sound headers of its baskets; owned by the file.
TTree &GetTree(TFile &file, const std::string &path, ErrorTrap &trap);

} // namespace Internal
} // namespace RootBaler

#endif
