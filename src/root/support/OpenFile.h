// Opening files, with the checks that every operation needs, and what their directories hold.
#ifndef ROOTBALER_TOOLS_OPENFILE_H
#define ROOTBALER_TOOLS_OPENFILE_H

#include "support/ErrorTrap.h"

#include <TFile.h>
#include <TKey.h>

#include <memory>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// Opens an existing ROOT file for reading; refuses what is no ROOT file or was not closed properly.
std::unique_ptr<TFile> OpenForReading(const std::string &path, ErrorTrap &trap);

/// The keys of a directory, newest cycles only, in the order of the file.
std::vector<TKey *> CurrentKeys(TDirectory &dir);

/// The directory of a key of `dir`. Throws Error (corrupt).
TDirectory &Subdirectory(TDirectory &dir, TKey &key, ErrorTrap &trap);

/// Does the key hold a tree (or one of ROOT's classes made of it, as TNtuple)?
bool IsTree(const TKey &key);
bool IsDirectory(const TKey &key);

} // namespace Internal
} // namespace RootBaler

#endif
