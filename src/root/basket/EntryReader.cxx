#include "basket/EntryReader.h"

#include "basket/BasketLayout.h"
#include "basket/BasketList.h"
#include "basket/Members.h"

#include <TBasket.h>
#include <TBuffer.h>
#include <TFile.h>
#include <TTree.h>

#include <algorithm>

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

} // namespace

EntryReader::EntryReader(TBranch &branch, ErrorTrap &trap) : fBranch(branch), fTrap(trap) {}

EntryReader::~EntryReader()
{
   Drop();
}

// Not TBranch::DropBaskets: it would take baskets along that are nowhere but in memory, as the tree had them.
void EntryReader::Drop()
{
   TObjArray &baskets = *fBranch.GetListOfBaskets();
   if (fNumber < 0 || fBranch.GetBasketSeek(fNumber) <= 0 || fNumber > baskets.GetLast() || !baskets.At(fNumber))
      return;
   delete baskets.RemoveAt(fNumber);
   --BranchMembers::BasketsInMemory(fBranch);
   BranchMembers::CurrentBasket(fBranch) = nullptr;
   BranchMembers::FirstOfCurrent(fBranch) = BranchMembers::BehindCurrent(fBranch) = -1;
   fNumber = -1;
}

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
      out.fBytes.insert(out.fBytes.end(), fValues + begin, fValues + stop);
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
   Drop();
   fFirst = fEnd = 0;
   fNumber = number;
   fTrap.Clear(); // of what was read before
   TBasket *basket = fBranch.GetBasket(number);
   // some writers leave the headers of baskets in the tree, which ROOT completes here, too
   if (basket && !basket->GetBufferRef() && fBranch.GetBasketSeek(number) > 0)
      basket->ReadBasketBuffers(fBranch.GetBasketSeek(number), fBranch.GetBasketBytes()[number], fBranch.GetFile());
   TBuffer *buffer = basket ? basket->GetBufferRef() : nullptr;
   if (!buffer || fTrap.HasError() || entry < range.fFirst || entry >= range.fEnd)
      ThrowUnreadable(entry);
   const Int_t begin = basket->GetKeylen(), end = basket->GetLast();
   const Long64_t entries = range.fEnd - range.fFirst;
   if (begin < 0 || end < begin || end > buffer->BufferSize() || basket->GetNevBuf() != entries)
      ThrowUnreadable(entry);
   fFirst = range.fFirst;
   fEnd = range.fEnd;
   fValues = buffer->Buffer() + begin;
   fLength = end - begin;
   fEntrySize = 0;
   fBegins.clear();
   TBranch *counter = MakesOffsets(fBranch) ? CounterOf(fBranch) : nullptr;
   if (counter)
      return FindBegins(*counter);
   const Int_t *offsets = basket->GetEntryOffset();
   if (!offsets) {
      fEntrySize = basket->GetNevBufSize();
      if (fEntrySize < 0 || fEntrySize * entries > fLength)
         ThrowUnreadable(entry);
      return;
   }
   for (Long64_t i = 0; i < entries; ++i)
      fBegins.push_back(offsets[i] - begin);
   fBegins.push_back(static_cast<Int_t>(fLength));
   if (fBegins.front() < 0 || fBegins.back() > fLength || !std::is_sorted(fBegins.begin(), fBegins.end()))
      ThrowUnreadable(entry);
}

// ROOT 6.40 makes offsets that are right only if the basket's first entry is read first, and never for x[n][2].
void EntryReader::FindBegins(TBranch &counter)
{
   const auto layout = LayoutOf(fBranch), countLayout = LayoutOf(counter);
   if (!layout || !countLayout || countLayout->fIsVariable || countLayout->fLeaves.size() != 1)
      ThrowUnreadable(fFirst);
   if (!fCounts)
      fCounts = std::make_unique<EntryReader>(counter, fTrap);
   EntryBytes counts;
   fCounts->Read(fFirst, fEnd, counts);
   const std::size_t width = countLayout->RowSize();
   const auto bytesPerCount = static_cast<Long64_t>(ElementsPerCount(fBranch) * layout->RowSize());
   if (counts.fBytes.size() != width * static_cast<std::size_t>(fEnd - fFirst))
      ThrowUnreadable(fFirst);
   Long64_t at = 0;
   for (Long64_t i = 0; i <= fEnd - fFirst; ++i) {
      if (at > fLength)
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
   TTree *tree = fBranch.GetTree();
   const TFile *file = tree ? tree->GetCurrentFile() : nullptr;
   fTrap.Throw(EStatus::kCorrupt, std::string("cannot read branch '") + fBranch.GetName() + "' of tree '" +
                                     (tree ? tree->GetName() : "") + "' in '" + (file ? file->GetName() : "") +
                                     "' from entry " + std::to_string(entry) + ": get an intact copy of the file");
}

} // namespace Internal
} // namespace RootBaler
