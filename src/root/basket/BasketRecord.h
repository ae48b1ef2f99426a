// A basket as it lies in the file: ROOT's key header, then the compressed content.
#ifndef ROOTBALER_BASKETRECORD_H
#define ROOTBALER_BASKETRECORD_H

#include <rootbaler/rootbaler.h>

#include <Rtypes.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

class TBranch;
class TFile;

namespace RootBaler {
namespace Internal {

/// The lengths in a key header, checked against each other and against the bytes that are there.
struct RecordHeader {
   std::size_t fBytes = 0;  ///< of the whole record
   std::size_t fKey = 0;    ///< of the header
   std::size_t fObject = 0; ///< of the content before compression
};

/// Nothing if `record` is not the beginning of a record of at most `length` bytes.
std::optional<RecordHeader> ParseRecord(const char *record, std::size_t length);

/// Reads the bytes of a basket of `branch` under ROOT's read lock, through the tree's cache. Throws Error.
std::vector<char> ReadRecord(TBranch &branch, TFile &file, Long64_t pos, Int_t length);

/// What the first block of a record says; nothing if it is not one of ours.
std::optional<RbBlockInfo> FirstBlock(const char *record, std::size_t length);

} // namespace Internal
} // namespace RootBaler

#endif
