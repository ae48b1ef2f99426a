#include "basket/EntryReader.h"

#include "basket/BasketLayout.h"
#include "basket/BasketList.h"
#include "basket/Members.h"
#include "support/ErrorTrap.h"

#include <TBasket.h>
#include <TBuffer.h>
#include <TFile.h>
#include <TTree.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <mutex>

namespace RootBaler {
namespace Internal {

namespace {

// A count as ROOT stores it, big-endian; negative ones are no counts.
Long64_t Count(const char *bytes, std::size_t width)
{
   ULong64_t value = 0;
   for (std::size_t i = 0; i < width; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes[i]);
   return value <= static_cast<ULong64_t>(kMaxInt) ? static_cast<Long64_t>(value) : -1;
}

// Not TBranch::DropBaskets: it would take baskets along that are nowhere but in memory, as the tree had them.
void Drop(TBranch &branch, Int_t number)
{
   TObjArray &baskets = *branch.GetListOfBaskets();
   if (branch.GetBasketSeek(number) <= 0 || number > baskets.GetLast() || !baskets.At(number))
      return;
   delete baskets.RemoveAt(number);
   --BranchMembers::BasketsInMemory(branch);
   BranchMembers::CurrentBasket(branch) = nullptr;
   BranchMembers::FirstOfCurrent(branch) = BranchMembers::BehindCurrent(branch) = -1;
}

// Several readers may be on one branch: its own, and those of branches that it counts.
std::mutex &MutexOf(const TBranch &branch)
{
   static std::array<std::mutex, 64> mutexes;
   return mutexes[std::hash<const TBranch *>()(&branch) / alignof(std::max_align_t) % mutexes.size()];
}

} // namespace

EntryReader::EntryReader(TBranch &branch) : fBranch(branch) {}

void EntryReader::Read(Long64_t first, Long64_t end, EntryBytes &out)
{
   while (first < end) {
      if (first < fFirst || first >= fEnd)
         Load(first);
      const Long64_t last = std::min(end, fEnd);
      const auto from = static_cast<std::size_t>(first - fFirst), to = static_cast<std::size_t>(last - fFirst);
      const bool hasOffsets = !fBegins.empty();
      if (out.fEntries > 0 && (hasOffsets == out.fBegins.empty() || (!hasOffsets && out.fEntrySize != fEntrySize)))
         ThrowUnreadable(first);
      out.fEntrySize = fEntrySize;
      const Long64_t begin = hasOffsets ? fBegins[from] : static_cast<Long64_t>(from) * fEntrySize;
      const Long64_t stop = hasOffsets ? fBegins[to] : static_cast<Long64_t>(to) * fEntrySize;
      const auto shift = static_cast<Long64_t>(out.fBytes.size()) - begin;
      if (stop + shift > kMaxInt)
         ThrowUnreadable(first);
      for (std::size_t i = from; hasOffsets && i < to; ++i)
         out.fBegins.push_back(static_cast<Int_t>(fBegins[i] + shift));
      out.fBytes.insert(out.fBytes.end(), fValues.begin() + begin, fValues.begin() + stop);
      out.fEntries += last - first;
      first = last;
   }
}

void EntryReader::Load(Long64_t entry)
{
   const Int_t number = BasketWith(fBranch, entry);
   if (number < 0)
      ThrowUnreadable(entry);
   const EntryRange range = EntriesOf(fBranch, number);
   fFirst = fEnd = 0;
   if (entry < range.fFirst || entry >= range.fEnd)
      ThrowUnreadable(entry);
   {
      const std::lock_guard<std::mutex> lock(MutexOf(fBranch));
      TakeBasket(number, entry, range.fEnd - range.fFirst);
      Drop(fBranch, number);
   }
   fFirst = range.fFirst;
   fEnd = range.fEnd;
   if (TBranch *counter = MakesOffsets(fBranch) ? CounterOf(fBranch) : nullptr)
      FindBegins(*counter);
}

// Copies what the basket holds: ROOT may use its memory for the next one.
void EntryReader::TakeBasket(Int_t number, Long64_t entry, Long64_t entries)
{
   ErrorTrap trap;
   TBasket *basket = fBranch.GetBasket(number);
   // some writers leave the headers of baskets in the tree, which ROOT completes here, too
   if (basket && !basket->GetBufferRef() && fBranch.GetBasketSeek(number) > 0)
      basket->ReadBasketBuffers(fBranch.GetBasketSeek(number), fBranch.GetBasketBytes()[number], fBranch.GetFile());
   TBuffer *buffer = basket ? basket->GetBufferRef() : nullptr;
   if (!buffer || trap.HasError())
      trap.Throw(EStatus::kCorrupt, Unreadable(entry));
   const Int_t begin = basket->GetKeylen(), end = basket->GetLast();
   if (begin < 0 || end < begin || end > buffer->BufferSize() || basket->GetNevBuf() != entries)
      ThrowUnreadable(entry);
   fValues.assign(buffer->Buffer() + begin, buffer->Buffer() + end);
   const Long64_t length = end - begin;
   fEntrySize = 0;
   fBegins.clear();
   if (MakesOffsets(fBranch) && CounterOf(fBranch))
      return;
   const Int_t *offsets = basket->GetEntryOffset();
   if (!offsets) {
      fEntrySize = basket->GetNevBufSize();
      if (fEntrySize < 0 || fEntrySize * entries > length)
         ThrowUnreadable(entry);
      return;
   }
   for (Long64_t i = 0; i < entries; ++i)
      fBegins.push_back(offsets[i] - begin);
   fBegins.push_back(static_cast<Int_t>(length));
   if (fBegins.front() < 0 || fBegins.back() > length || !std::is_sorted(fBegins.begin(), fBegins.end()))
      ThrowUnreadable(entry);
}

// ROOT 6.40 makes offsets that are right only if the basket's first entry is read first, and never for x[n][2].
void EntryReader::FindBegins(TBranch &counter)
{
   const auto layout = LayoutOf(fBranch), countLayout = LayoutOf(counter);
   if (!layout || !countLayout || countLayout->fIsVariable || countLayout->fLeaves.size() != 1)
      ThrowUnreadable(fFirst);
   if (!fCounts)
      fCounts = std::make_unique<EntryReader>(counter);
   EntryBytes counts;
   fCounts->Read(fFirst, fEnd, counts);
   const std::size_t width = countLayout->RowSize();
   const auto bytesPerCount = static_cast<Long64_t>(ElementsPerCount(fBranch) * layout->RowSize());
   if (counts.fBytes.size() != width * static_cast<std::size_t>(fEnd - fFirst))
      ThrowUnreadable(fFirst);
   Long64_t at = 0;
   for (Long64_t i = 0; i <= fEnd - fFirst; ++i) {
      if (at > static_cast<Long64_t>(fValues.size()))
         ThrowUnreadable(fFirst + i);
      fBegins.push_back(static_cast<Int_t>(at));
      const Long64_t count = i < fEnd - fFirst ? Count(counts.fBytes.data() + width * i, width) : 0;
      if (count < 0)
         ThrowUnreadable(fFirst + i);
      at += count * bytesPerCount;
   }
}

void EntryReader::ThrowUnreadable(Long64_t entry) const
{
   throw Error(EStatus::kCorrupt, Unreadable(entry));
}

std::string EntryReader::Unreadable(Long64_t entry) const
{
   TTree *tree = fBranch.GetTree();
   const TFile *file = tree ? tree->GetCurrentFile() : nullptr;
   return std::string("cannot read branch '") + fBranch.GetName() + "' of tree '" + (tree ? tree->GetName() : "") +
          "' in '" + (file ? file->GetName() : "") + "' from entry " + std::to_string(entry) +
          ": get an intact copy of the file";
}

} // namespace Internal
} // namespace RootBaler
