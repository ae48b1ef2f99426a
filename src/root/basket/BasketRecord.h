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

/// A record's header with what a basket adds to it.
struct BasketHeader : RecordHeader {
   Int_t fBufferSize = 0;
   Int_t fEntrySize = 0; ///< bytes of each entry, if they have no offsets
   Int_t fEntries = 0;
   Int_t fLast = 0;        ///< where the values end, counted from the beginning of the record
   bool fIsAlone = false;  ///< the content is behind the header, not within it
};

/// Reads the header of a basket's record of `length` bytes from its first `there` bytes. Nothing if it is none, or not
/// whole; then the lengths of ParseRecord() may still say how much of it is missing.
std::optional<BasketHeader> ParseBasket(const char *record, std::size_t there, std::size_t length);

/// Whether a file of `size` bytes has `length` of them at `pos`. Places come from files: their sum may be no number.
inline bool IsInside(Long64_t pos, Int_t length, Long64_t size)
{
   return pos > 0 && length > 0 && pos <= size - length;
}

/// Reads the bytes of a basket of `branch` under ROOT's read lock, through the tree's cache. Throws Error.
std::vector<char> ReadRecord(TBranch &branch, TFile &file, Long64_t pos, Int_t length);

/// The first compressed block of a sound record; null if its content is stored as it is.
const unsigned char *FirstBlockOf(const char *record, const RecordHeader &header);

/// What the first block of a record says; nothing if it is not one of ours.
std::optional<RbBlockInfo> FirstBlock(const char *record, std::size_t length);

} // namespace Internal
} // namespace RootBaler

#endif
