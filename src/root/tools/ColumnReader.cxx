#include "ColumnReader.h"

#include <TFile.h>
#include <TLeaf.h>
#include <TTree.h>

#include <algorithm>
#include <cstring>

namespace RootBaler {
namespace Internal {

ColumnReader::ColumnReader(TBranch &branch, std::size_t valueSize, ErrorTrap &trap)
   : fBranch(branch), fValueSize(valueSize), fTrap(trap)
{
}

void ColumnReader::Read(Long64_t first, std::size_t count, void *out)
{
   auto *to = static_cast<char *>(out);
   while (count > 0) {
      if (first < fFirst || first >= fEnd)
         LoadBasketOf(first);
      const auto n = std::min(count, static_cast<std::size_t>(fEnd - first));
      if (fValues)
         std::memcpy(to, fValues + static_cast<std::size_t>(first - fFirst) * fValueSize, n * fValueSize);
      else
         ReadOneByOne(first, n, to);
      to += n * fValueSize;
      first += static_cast<Long64_t>(n);
      count -= n;
   }
}

void ColumnReader::LoadBasketOf(Long64_t entry)
{
   const Long64_t *starts = fBranch.GetBasketEntry();
   const Int_t baskets = fBranch.GetWriteBasket();
   const Long64_t *next = std::upper_bound(starts, starts + baskets, entry);
   fValues = nullptr;
   fFirst = next == starts ? 0 : *(next - 1);
   fEnd = next == starts + baskets ? fBranch.GetEntries() : *next;
   if (entry >= fEnd)
      ThrowUnreadable(entry);
   // a last basket that was saved inside the tree itself cannot be read in bulk
   auto &bulk = fBranch.GetBulkRead();
   if (!bulk.SupportsBulkRead() || (next == starts + baskets && fBranch.GetListOfBaskets()->At(baskets)))
      return;
   const Int_t read = bulk.GetBulkEntries(fFirst, fBuffer);
   if (fTrap.HasError())
      ThrowUnreadable(fFirst);
   if (read == fEnd - fFirst)
      fValues = fBuffer.GetCurrent();
}

void ColumnReader::ReadOneByOne(Long64_t first, std::size_t count, char *out)
{
   const auto *leaf = static_cast<const TLeaf *>(fBranch.GetListOfLeaves()->At(0));
   for (std::size_t i = 0; i < count; ++i) {
      const Long64_t entry = first + static_cast<Long64_t>(i);
      if (fBranch.GetEntry(entry, 1) <= 0 || fTrap.HasError())
         ThrowUnreadable(entry);
      std::memcpy(out + i * fValueSize, leaf->GetValuePointer(), fValueSize);
   }
}

void ColumnReader::ThrowUnreadable(Long64_t entry) const
{
   const TFile *file = fBranch.GetTree()->GetCurrentFile();
   fTrap.Throw(EStatus::kCorrupt, std::string("cannot read branch '") + fBranch.GetName() + "' of tree '" +
                                     fBranch.GetTree()->GetName() + "' in '" + (file ? file->GetName() : "") +
                                     "' from entry " + std::to_string(entry) + ": get an intact copy of the file");
}

} // namespace Internal
} // namespace RootBaler
