// Tells one open file from all others: by a number, as neither its address, which another may have later, nor its UUID
// does, which is 0 in all files that are written with "?reproducible".
#ifndef ROOTBALER_FILEID_H
#define ROOTBALER_FILEID_H

#include <cstdint>

class TFile;

namespace RootBaler {
namespace Internal {

/// The number of a file since somebody asked for it first, until it is deleted. Never 0, and never another one's.
std::uint64_t FileId(TFile &file);

} // namespace Internal
} // namespace RootBaler

#endif
