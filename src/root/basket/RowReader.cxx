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

RowReader::RowReader(TBranch &branch, const BasketLayout &layout)
   : fLayout(layout), fRowSize(layout.RowSize()), fReader(branch)
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
   const std::size_t n = entries.fBegins.size();
   if (n != static_cast<std::size_t>(entries.fEntries))
      fReader.ThrowUnreadable(first);
   for (std::size_t i = 0; i < n; ++i) {
      const auto begin = static_cast<std::size_t>(entries.fBegins[i]);
      const auto end = i + 1 < n ? static_cast<std::size_t>(entries.fBegins[i + 1]) : entries.fBytes.size();
      const std::size_t old = out.fBytes.size();
      if (!TakeEntry(entries.fBytes.data() + begin, end - begin, out))
         fReader.ThrowUnreadable(first + static_cast<Long64_t>(i));
      out.fCounts.push_back(static_cast<std::uint32_t>((out.fBytes.size() - old) / fRowSize));
   }
}

bool RowReader::TakeEntry(const char *at, std::size_t left, Rows &out) const
{
   const auto take = [&](std::vector<char> &to, std::size_t bytes) {
      if (bytes > left)
         return false;
      to.insert(to.end(), at, at + bytes);
      at += bytes;
      left -= bytes;
      return true;
   };
   if (fLayout.fStreamed && !take(out.fHeaders, BasketLayout::kStreamedHeader))
      return false;
   if (fLayout.fStreamed != RB_STREAMED_LISTS)
      return left % fRowSize == 0 && take(out.fBytes, left);
   while (left > 0) {
      if (!take(out.fHeaders, BasketLayout::kListHeader))
         return false;
      char *length = &out.fHeaders.back() + 1 - BasketLayout::kListHeader;
      UInt_t values;
      frombuf(length, &values);
      if (values > left / fRowSize || !take(out.fBytes, values * fRowSize))
         return false;
   }
   return true;
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
