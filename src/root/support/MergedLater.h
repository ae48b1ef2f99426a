// Files in memory, each of one thread, that ROOT merges into the file on disk.
#ifndef ROOTBALER_MERGEDLATER_H
#define ROOTBALER_MERGEDLATER_H

#include <ROOT/TBufferMerger.hxx>
#include <TFile.h>

namespace RootBaler {
namespace Internal {

/// True for a file that a TBufferMerger merges into another: that one has the keys, of which ROOT would complain here.
inline bool IsMergedLater(const TFile &file)
{
   return dynamic_cast<const ROOT::TBufferMergerFile *>(&file) != nullptr;
}

} // namespace Internal
} // namespace RootBaler

#endif
