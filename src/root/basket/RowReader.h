// The values of a branch with leaves of basic types, many entries at once.
#ifndef ROOTBALER_TOOLS_ROWREADER_H
#define ROOTBALER_TOOLS_ROWREADER_H

#include "basket/BasketLayout.h"
#include "support/ErrorTrap.h"

#include <TBranch.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// Some consecutive entries of a branch.
struct Rows {
   std::vector<char> fBytes;           ///< the rows, values in native byte order
   std::vector<std::uint32_t> fCounts; ///< rows of each entry; empty if every entry is one row
   std::vector<char> fHeaders; ///< of streamed collections: what ROOT stores before the elements of each entry
};

/// Reads whole baskets, without going through the leaves. The branch must belong to a tree that nobody else reads.
class RowReader {
public:
   RowReader(TBranch &branch, const BasketLayout &layout, ErrorTrap &trap);
   ~RowReader();
   RowReader(const RowReader &) = delete;
   RowReader &operator=(const RowReader &) = delete;

   /// Appends entries [first, first+count) to `out`.
   void Read(Long64_t first, std::size_t count, Rows &out);

private:
   std::size_t HeaderSize() const;
   void LoadBasketOf(Long64_t entry);
   void FindStarts(TBranch &counter);
   void TakeVariable(std::size_t from, std::size_t count, Rows &out);
   void ToNative(char *rows, std::size_t bytes) const;
   [[noreturn]] void ThrowUnreadable(Long64_t entry) const;

   TBranch &fBranch;
   const BasketLayout fLayout;
   const std::size_t fRowSize;
   ErrorTrap &fTrap;
   std::unique_ptr<RowReader> fCounts; ///< of the counter, where ROOT would make the entry offsets itself
   const char *fValues = nullptr; ///< rows of the loaded basket, big-endian
   std::size_t fValueBytes = 0;   ///< their length
   std::vector<std::size_t> fStarts; ///< variable: where each entry begins in fValues, and where the last one ends
   Long64_t fFirst = 0;           ///< first entry of the loaded basket
   Long64_t fEnd = 0;             ///< one past its last entry
};

} // namespace Internal
} // namespace RootBaler

#endif
