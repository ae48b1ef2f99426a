#include "basket/RowReader.h"

#include <Bytes.h>

#include <algorithm>
#include <cstring>

namespace RootBaler {
namespace Internal {

namespace {

// Big-endian to native, in place.
template <typename T>
void Swap(char *values, std::size_t count)
{
   for (std::size_t i = 0; i < count; ++i) {
      T value;
      char *from = values + i * sizeof(T);
      frombuf(from, &value);
      std::memcpy(values + i * sizeof(T), &value, sizeof(T));
   }
}

void SwapValues(char *values, std::size_t width, std::size_t count)
{
   if (width == 2)
      Swap<UShort_t>(values, count);
   else if (width == 4)
      Swap<UInt_t>(values, count);
   else if (width == 8)
      Swap<ULong64_t>(values, count);
}

} // namespace

RowReader::RowReader(TBranch &branch, const BasketLayout &layout, ErrorTrap &trap)
   : fLayout(layout), fRowSize(layout.RowSize()), fReader(branch, trap)
{
}

void RowReader::Read(Long64_t first, std::size_t count, Rows &out)
{
   constexpr std::size_t kAtOnce = 4096; // entries: their bytes are copied once more
   const std::size_t old = out.fBytes.size();
   EntryBytes entries;
   for (std::size_t done = 0; done < count; done += kAtOnce) {
      const std::size_t n = std::min(kAtOnce, count - done);
      const Long64_t begin = first + static_cast<Long64_t>(done);
      entries.fBytes.clear();
      entries.fBegins.clear();
      entries.fEntries = 0;
      fReader.Read(begin, begin + static_cast<Long64_t>(n), entries);
      if (fLayout.fIsVariable)
         TakeVariable(begin, entries, out);
      else if (entries.fBytes.size() == n * fRowSize)
         out.fBytes.insert(out.fBytes.end(), entries.fBytes.begin(), entries.fBytes.end());
      else
         fReader.ThrowUnreadable(begin);
   }
   ToNative(out.fBytes.data() + old, out.fBytes.size() - old);
}

void RowReader::TakeVariable(Long64_t first, const EntryBytes &entries, Rows &out)
{
   const std::size_t header = fLayout.fIsStreamed ? BasketLayout::kStreamedHeader : 0;
   const std::size_t n = entries.fBegins.size();
   if (n != static_cast<std::size_t>(entries.fEntries))
      fReader.ThrowUnreadable(first);
   for (std::size_t i = 0; i < n; ++i) {
      const auto begin = entries.fBytes.begin() + entries.fBegins[i];
      const auto end = i + 1 < n ? entries.fBytes.begin() + entries.fBegins[i + 1] : entries.fBytes.end();
      const auto length = static_cast<std::size_t>(end - begin);
      if (length < header || (length - header) % fRowSize != 0)
         fReader.ThrowUnreadable(first + static_cast<Long64_t>(i));
      const auto values = begin + static_cast<std::ptrdiff_t>(header);
      out.fCounts.push_back(static_cast<std::uint32_t>((length - header) / fRowSize));
      out.fHeaders.insert(out.fHeaders.end(), begin, values);
      out.fBytes.insert(out.fBytes.end(), values, end);
   }
}

void RowReader::ToNative(char *rows, std::size_t bytes) const
{
   if (fLayout.fLeaves.size() == 1) {
      const std::size_t width = WidthOf(fLayout.fLeaves[0].fType);
      SwapValues(rows, width, bytes / width);
      return;
   }
   for (std::size_t at = 0; at < bytes;) {
      for (const LeafLayout &leaf : fLayout.fLeaves) {
         const std::size_t width = WidthOf(leaf.fType);
         SwapValues(rows + at, width, leaf.fCount);
         at += width * leaf.fCount;
      }
   }
}

void TakeLeaf(const std::vector<char> &rows, std::size_t rowSize, std::size_t offset, std::size_t bytes,
              std::vector<char> &values)
{
   values.clear();
   for (std::size_t row = 0; row < rows.size(); row += rowSize)
      values.insert(values.end(), rows.begin() + row + offset, rows.begin() + row + offset + bytes);
}

} // namespace Internal
} // namespace RootBaler
