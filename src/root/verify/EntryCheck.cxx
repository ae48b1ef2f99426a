#include "verify/EntryCheck.h"

#include "basket/BasketList.h"
#include "basket/BasketRecord.h"
#include "basket/EntryReader.h"
#include "basket/PlainRecord.h"

#include <TFile.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

namespace {

constexpr Long64_t kChunk = 16384; // entries

void Violation(Long64_t entry, BranchCheck &check)
{
   if (check.fViolations++ == 0)
      check.fFirstViolation = entry;
}

bool HasOffsets(const EntryBytes &entries)
{
   return !entries.fBegins.empty();
}

// Where entry `i` begins; the entry behind the last one begins where the bytes end.
std::size_t Begin(const EntryBytes &entries, std::size_t i)
{
   if (!HasOffsets(entries))
      return i * static_cast<std::size_t>(entries.fEntrySize);
   return i < entries.fBegins.size() ? static_cast<std::size_t>(entries.fBegins[i]) : entries.fBytes.size();
}

void CheckRange(Long64_t first, const EntryBytes &before, const EntryBytes &after, BranchCheck &check)
{
   if (before.fBytes == after.fBytes && HasOffsets(before) == HasOffsets(after) && before.fBegins == after.fBegins &&
       before.fEntrySize == after.fEntrySize)
      return;
   for (std::size_t i = 0; i < static_cast<std::size_t>(before.fEntries); ++i) {
      const std::size_t begin = Begin(before, i), other = Begin(after, i);
      const std::size_t size = Begin(before, i + 1) - begin;
      if (size != Begin(after, i + 1) - other ||
          (size != 0 && std::memcmp(before.fBytes.data() + begin, after.fBytes.data() + other, size) != 0))
         Violation(first + static_cast<Long64_t>(i), check);
   }
}

// The content of a basket with what its header says of it; nothing if it is in memory only, or one of ours.
std::vector<char> Content(TBranch &branch, Int_t number)
{
   TFile *file = branch.GetFile();
   if (!file || branch.GetBasketSeek(number) <= 0)
      return {};
   const auto record = ReadWhole(*file, branch.GetBasketSeek(number), branch.GetBasketBytes()[number],
                                 "basket " + std::to_string(number) + " of branch '" + branch.GetName() + "'");
   const auto header = ParseBasket(record.data(), record.size(), record.size());
   std::vector<char> content = PlainRecord(record);
   if (!header || content.empty())
      return {};
   for (const Int_t number : {header->fEntries, header->fLast - static_cast<Int_t>(header->fKey)})
      content.insert(content.end(), reinterpret_cast<const char *>(&number),
                     reinterpret_cast<const char *>(&number) + sizeof number);
   return content;
}

} // namespace

bool HaveSameBaskets(TBranch &before, TBranch &after)
{
   if (*before.GetFileName() || *after.GetFileName()) // they were not copied
      return std::string(before.GetFileName()) == after.GetFileName();
   const Int_t baskets = Baskets(before);
   if (baskets != Baskets(after) || before.GetEntries() != after.GetEntries())
      return false;
   for (Int_t i = 0; i < baskets; ++i) {
      const EntryRange one = EntriesOf(before, i), other = EntriesOf(after, i);
      if (one.fFirst != other.fFirst || one.fEnd != other.fEnd)
         return false;
      const auto content = Content(before, i);
      if (content.empty() || content != Content(after, i))
         return false;
   }
   return true;
}

void CheckEntries(TBranch &before, TBranch &after, BranchCheck &check)
{
   check.fValues += static_cast<std::uint64_t>(std::max<Long64_t>(before.GetEntries(), 0));
   if (before.GetEntries() != after.GetEntries())
      return Violation(std::min(before.GetEntries(), after.GetEntries()), check);
   if (HaveSameBaskets(before, after))
      return;
   EntryReader one(before), other(after);
   for (Int_t number = 0; number < Baskets(before); ++number) {
      const EntryRange range = EntriesOf(before, number);
      for (Long64_t first = range.fFirst; first < range.fEnd; first += kChunk) {
         const Long64_t end = std::min(first + kChunk, range.fEnd);
         EntryBytes bytes, others;
         one.Read(first, end, bytes);
         other.Read(first, end, others);
         CheckRange(first, bytes, others, check);
      }
   }
}

} // namespace Internal
} // namespace RootBaler
