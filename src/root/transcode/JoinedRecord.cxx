#include "transcode/JoinedRecord.h"

#include "basket/BasketRecord.h"
#include "basket/PlainRecord.h"

#include <Bytes.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace RootBaler {
namespace Internal {

namespace {

/// A basket without compression: its values, and where its entries begin in its record.
struct Content {
   BasketHeader fHeader;
   std::vector<char> fPlain;
   std::size_t fValues = 0; ///< bytes of them, at the beginning of fPlain
   std::vector<Int_t> fOffsets;
};

std::optional<Content> ContentOf(const std::vector<char> &record)
{
   const auto header = ParseBasket(record.data(), record.size(), record.size());
   if (!header || !header->fIsAlone || header->fLast < static_cast<Int_t>(header->fKey))
      return {};
   Content content;
   content.fHeader = *header;
   content.fPlain = PlainRecord(record);
   content.fValues = static_cast<std::size_t>(header->fLast) - header->fKey;
   if (content.fPlain.size() != header->fObject || content.fValues > content.fPlain.size())
      return {};
   const std::size_t rest = content.fPlain.size() - content.fValues;
   if (rest == 0)
      return content;
   // TBuffer::WriteArray: their number, then the offsets. More would be displacements of objects that were moved.
   if (rest < sizeof(Int_t) || header->fEntries < 0)
      return {};
   char *at = content.fPlain.data() + content.fValues;
   Int_t count;
   frombuf(at, &count);
   if (count < header->fEntries || rest != sizeof(Int_t) * (static_cast<std::size_t>(count) + 1))
      return {};
   for (Int_t i = 0; i < header->fEntries; ++i) {
      Int_t offset;
      frombuf(at, &offset);
      content.fOffsets.push_back(offset);
   }
   return content;
}

void Append(std::vector<char> &bytes, Int_t value)
{
   bytes.resize(bytes.size() + sizeof value);
   char *at = bytes.data() + bytes.size() - sizeof value;
   tobuf(at, value);
}

} // namespace

std::vector<char> JoinRecords(const std::vector<std::vector<char>> &records)
{
   std::vector<char> joined, values, offsets;
   Int_t entries = 0, entrySize = 0, bufferSize = 0;
   std::size_t key = 0;
   for (const auto &record : records) {
      const auto content = ContentOf(record);
      if (!content)
         return {};
      const BasketHeader &header = content->fHeader;
      const bool isFirst = &record == &records.front();
      const bool hasOffsets = !content->fOffsets.empty();
      if (isFirst) {
         key = header.fKey;
         entrySize = header.fEntrySize;
         joined.assign(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(key));
      }
      if (header.fKey != key || header.fEntries <= 0 || (!isFirst && hasOffsets == offsets.empty()) ||
          (!hasOffsets && header.fEntrySize != entrySize))
         return {};
      for (const Int_t offset : content->fOffsets)
         Append(offsets, offset + static_cast<Int_t>(values.size()));
      values.insert(values.end(), content->fPlain.begin(),
                    content->fPlain.begin() + static_cast<std::ptrdiff_t>(content->fValues));
      entries += header.fEntries;
      bufferSize = std::max(bufferSize, header.fBufferSize);
      if (key + values.size() + offsets.size() + 2 * sizeof(Int_t) > static_cast<std::size_t>(kMaxInt) / 2)
         return {};
   }
   const auto last = static_cast<Int_t>(key + values.size());
   if (!offsets.empty()) {
      entrySize = entries + 1;
      Append(values, entries + 1);
      values.insert(values.end(), offsets.begin(), offsets.end());
      Append(values, 0); // ROOT writes one more than there are entries
   }
   bufferSize = std::max(bufferSize, static_cast<Int_t>(key + values.size()));
   constexpr std::size_t kTail = 4 * sizeof(Int_t) + 1; // sizes and a flag end the header
   char *at = joined.data() + key - kTail;
   tobuf(at, bufferSize);
   tobuf(at, entrySize);
   tobuf(at, entries);
   tobuf(at, last);
   at = joined.data();
   tobuf(at, static_cast<Int_t>(key + values.size()));
   at += sizeof(Version_t);
   tobuf(at, static_cast<Int_t>(values.size()));
   joined.insert(joined.end(), values.begin(), values.end());
   return joined;
}

} // namespace Internal
} // namespace RootBaler
