// The values of a branch with leaves of basic types, many entries at once.
#ifndef ROOTBALER_TOOLS_ROWREADER_H
#define ROOTBALER_TOOLS_ROWREADER_H

#include "basket/BasketLayout.h"
#include "basket/EntryReader.h"

#include <TBranch.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace RootBaler {
namespace Internal {

/// Some consecutive entries of a branch.
struct Rows {
   std::vector<char> fBytes;           ///< the rows, values in native byte order
   std::vector<std::uint32_t> fCounts; ///< rows of each entry; empty if every entry is one row
   std::vector<char> fHeaders; ///< of streamed collections: what ROOT stores before the values of each entry and list
};

/// Reads rows of numbers, as EntryReader does entries.
class RowReader {
public:
   RowReader(TBranch &branch, const BasketLayout &layout);

   /// Appends entries [first, first+count) to `out`.
   void Read(Long64_t first, std::size_t count, Rows &out);

private:
   void TakeVariable(Long64_t first, const EntryBytes &entries, Rows &out);
   bool TakeEntry(const char *at, std::size_t left, Rows &out) const; ///< false if it is not laid out so
   void ToNative(char *rows, std::size_t bytes) const;

   const BasketLayout fLayout;
   const std::size_t fRowSize;
   EntryReader fReader;
};

/// The values of one leaf, `bytes` of each row from `offset` on, one behind the other.
void TakeLeaf(const std::vector<char> &rows, std::size_t rowSize, std::size_t offset, std::size_t bytes,
              std::vector<char> &values);

} // namespace Internal
} // namespace RootBaler

#endif
