// The values of a branch with one scalar leaf, many entries at once.
#ifndef ROOTBALER_TOOLS_COLUMNREADER_H
#define ROOTBALER_TOOLS_COLUMNREADER_H

#include "ErrorTrap.h"

#include <TBranch.h>
#include <TBufferFile.h>

#include <cstddef>
#include <string>

namespace RootBaler {
namespace Internal {

/// Reads values in native byte order. The branch must belong to a tree that nobody else reads.
class ColumnReader {
public:
   ColumnReader(TBranch &branch, std::size_t valueSize, ErrorTrap &trap);

   /// Puts entries [first, first+count) into `out`, count * valueSize bytes.
   void Read(Long64_t first, std::size_t count, void *out);

private:
   void LoadBasketOf(Long64_t entry);
   void ReadOneByOne(Long64_t first, std::size_t count, char *out);
   [[noreturn]] void ThrowUnreadable(Long64_t entry) const;

   TBranch &fBranch;
   const std::size_t fValueSize;
   ErrorTrap &fTrap;
   TBufferFile fBuffer{TBuffer::kWrite, 32 * 1024};
   const char *fValues = nullptr;  ///< values of the loaded basket, null if ROOT cannot read it in bulk
   Long64_t fFirst = 0;            ///< its first entry
   Long64_t fEnd = 0;              ///< one past its last entry
};

} // namespace Internal
} // namespace RootBaler

#endif
