#include "basket/RowReader.h"

#include "basket/BasketList.h"

#include <Bytes.h>
#include <TBasket.h>
#include <TBuffer.h>
#include <TFile.h>
#include <TTree.h>

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
   : fBranch(branch), fLayout(layout), fRowSize(layout.RowSize()), fTrap(trap)
{
}

RowReader::~RowReader()
{
   fBranch.DropBaskets("all");
}

void RowReader::Read(Long64_t first, std::size_t count, Rows &out)
{
   while (count > 0) {
      if (first < fFirst || first >= fEnd)
         LoadBasketOf(first);
      const auto n = std::min(count, static_cast<std::size_t>(fEnd - first));
      const auto from = static_cast<std::size_t>(first - fFirst);
      const std::size_t old = out.fBytes.size();
      if (fLayout.fIsVariable)
         TakeVariable(from, n, out);
      else
         out.fBytes.insert(out.fBytes.end(), fValues + from * fRowSize, fValues + (from + n) * fRowSize);
      ToNative(out.fBytes.data() + old, out.fBytes.size() - old);
      first += static_cast<Long64_t>(n);
      count -= n;
   }
}

void RowReader::TakeVariable(std::size_t from, std::size_t count, Rows &out)
{
   const std::size_t header = HeaderSize();
   for (std::size_t i = from; i < from + count; ++i)
      out.fCounts.push_back(static_cast<std::uint32_t>((fStarts[i + 1] - fStarts[i] - header) / fRowSize));
   if (header == 0) {
      out.fBytes.insert(out.fBytes.end(), fValues + fStarts[from], fValues + fStarts[from + count]);
      return;
   }
   for (std::size_t i = from; i < from + count; ++i) {
      const char *entry = fValues + fStarts[i];
      out.fHeaders.insert(out.fHeaders.end(), entry, entry + header);
      out.fBytes.insert(out.fBytes.end(), entry + header, fValues + fStarts[i + 1]);
   }
}

std::size_t RowReader::HeaderSize() const
{
   return fLayout.fIsStreamed ? BasketLayout::kStreamedHeader : 0;
}

void RowReader::LoadBasketOf(Long64_t entry)
{
   const Int_t number = BasketWith(fBranch, entry);
   if (number < 0)
      ThrowUnreadable(entry);
   const EntryRange range = EntriesOf(fBranch, number);
   fFirst = range.fFirst;
   fEnd = range.fEnd;
   const bool isOnFile = number < fBranch.GetWriteBasket(); // the one behind may have been saved inside the tree itself
   if (isOnFile)
      fBranch.DropBaskets("all");
   TBasket *basket = fBranch.GetBasket(number);
   // some writers leave the headers of baskets in the tree, which ROOT completes here, too
   if (basket && !basket->GetBufferRef() && isOnFile)
      basket->ReadBasketBuffers(fBranch.GetBasketSeek(number), fBranch.GetBasketBytes()[number], fBranch.GetFile());
   TBuffer *buffer = basket ? basket->GetBufferRef() : nullptr;
   if (!buffer || fTrap.HasError() || entry < fFirst || entry >= fEnd)
      ThrowUnreadable(entry);
   const auto entries = static_cast<std::size_t>(fEnd - fFirst);
   if (basket->GetNevBuf() < 0 || static_cast<std::size_t>(basket->GetNevBuf()) != entries)
      ThrowUnreadable(entry);
   const Int_t begin = basket->GetKeylen();
   const Int_t end = basket->GetLast();
   if (begin < 0 || end < begin || end > buffer->BufferSize())
      ThrowUnreadable(entry);
   fValues = buffer->Buffer() + begin;
   fValueBytes = static_cast<std::size_t>(end - begin);
   if (!fLayout.fIsVariable) {
      if (fValueBytes / fRowSize < entries)
         ThrowUnreadable(entry);
      return;
   }
   TBranch *counter = CounterOf(fBranch);
   if (counter && fBranch.GetIOFeatures().Test(ROOT::Experimental::EIOFeatures::kGenerateOffsetMap))
      return FindStarts(*counter);
   const Int_t *offsets = basket->GetEntryOffset();
   if (!offsets || fTrap.HasError())
      ThrowUnreadable(entry);
   fStarts.assign(entries + 1, fValueBytes);
   for (std::size_t i = 0; i < entries; ++i)
      fStarts[i] = static_cast<std::size_t>(offsets[i] - begin);
   for (std::size_t i = 0; i < entries; ++i) {
      const bool isOrdered = fStarts[i] <= fStarts[i + 1] && fStarts[i + 1] <= fValueBytes;
      const std::size_t length = isOrdered ? fStarts[i + 1] - fStarts[i] : 0, header = HeaderSize();
      if (!isOrdered || length < header || (length - header) % fRowSize != 0)
         ThrowUnreadable(fFirst + static_cast<Long64_t>(i));
   }
}

// ROOT 6.40 makes offsets that are right only if the basket's first entry is read first, and never for x[n][2].
void RowReader::FindStarts(TBranch &counter)
{
   const auto layout = LayoutOf(counter);
   if (!layout || layout->fIsVariable || layout->fLeaves.size() != 1)
      ThrowUnreadable(fFirst);
   if (!fCounts)
      fCounts = std::make_unique<RowReader>(counter, *layout, fTrap);
   Rows rows;
   const auto entries = static_cast<std::size_t>(fEnd - fFirst);
   fCounts->Read(fFirst, entries, rows);
   const std::size_t width = layout->RowSize();
   fStarts.assign(1, 0);
   for (std::size_t i = 0; i < entries; ++i) {
      std::uint64_t count = 0;
      // little-endian machines only, as everywhere in ROOT's packages from PyPI
      std::memcpy(&count, rows.fBytes.data() + i * width, width);
      if (count > (fValueBytes - fStarts.back()) / fRowSize / ElementsPerCount(fBranch))
         ThrowUnreadable(fFirst + static_cast<Long64_t>(i));
      fStarts.push_back(fStarts.back() + count * ElementsPerCount(fBranch) * fRowSize);
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

void RowReader::ThrowUnreadable(Long64_t entry) const
{
   const TFile *file = fBranch.GetTree()->GetCurrentFile();
   fTrap.Throw(EStatus::kCorrupt, std::string("cannot read branch '") + fBranch.GetName() + "' of tree '" +
                                     fBranch.GetTree()->GetName() + "' in '" + (file ? file->GetName() : "") +
                                     "' from entry " + std::to_string(entry) + ": get an intact copy of the file");
}

} // namespace Internal
} // namespace RootBaler
