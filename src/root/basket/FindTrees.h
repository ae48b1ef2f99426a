// The trees of a file.
#ifndef ROOTBALER_FINDTREES_H
#define ROOTBALER_FINDTREES_H

#include "support/ErrorTrap.h"

#include <TFile.h>
#include <TKey.h>
#include <TTree.h>

#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// The path of an RNTuple of the file; empty if there is none. What is in one has the places of its pages in the file,
/// so it cannot be copied key by key.
std::string FirstNTuple(TFile &file, ErrorTrap &trap);

/// Paths of all trees of the file: names of directories and of the key, with slashes between them. Older cycles are
/// left out.
std::vector<std::string> TreePaths(TFile &file, ErrorTrap &trap);

/// A cycle of a tree that is not the newest.
struct OlderTree {
   std::string fPath;
   std::string fName; ///< path and cycle: "events/sig;1"
   TDirectory *fDirectory;
   TKey *fKey;
};

/// All of them. Reading one hides the newest of its name from GetTree().
std::vector<OlderTree> OlderTrees(TFile &file, ErrorTrap &trap);

/// The tree of a key of `dir`, with sound headers of its baskets; owned by the directory. What ROOT complains about
/// is of no account if it gives a tree: objects in it may be of unknown classes.
TTree &ReadTree(TDirectory &dir, TKey &key, const std::string &path, ErrorTrap &trap);

/// The tree at this path of TreePaths().
TTree &GetTree(TFile &file, const std::string &path, ErrorTrap &trap);

} // namespace Internal
} // namespace RootBaler

#endif
