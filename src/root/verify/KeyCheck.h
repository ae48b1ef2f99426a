// Comparing what is in a file besides its trees.
#ifndef ROOTBALER_TOOLS_KEYCHECK_H
#define ROOTBALER_TOOLS_KEYCHECK_H

#include "support/ErrorTrap.h"

#include <TFile.h>

#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// Compares the objects of all keys, byte by byte before compression; trees and our codecs apart. Gives what is
/// missing, is new, or differs, in words. Of the descriptions of classes all must be there that anything but a tree's
/// own tables may need.
std::vector<std::string> CheckKeys(TFile &before, TFile &after, ErrorTrap &trap);

} // namespace Internal
} // namespace RootBaler

#endif
