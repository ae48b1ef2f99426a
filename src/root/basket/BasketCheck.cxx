#include "basket/BasketCheck.h"

#include "basket/BasketLayout.h"
#include "basket/BasketList.h"
#include "basket/BasketRecord.h"
#include "support/ErrorTrap.h"

#include <TBranch.h>
#include <TFile.h>
#include <TTree.h>

#include <algorithm>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

namespace {

/// Longer headers than this (names of many hundred characters) are read in a second step.
constexpr std::size_t kMostHeaders = 1024;

/// The first bytes of a record of `length` bytes, its whole header among them. Empty if they cannot be read.
std::vector<char> ReadHeader(TFile &file, Long64_t place, std::size_t length)
{
   std::vector<char> record(std::min(length, kMostHeaders));
   const auto read = [&] { return !file.ReadBuffer(record.data(), place, static_cast<Int_t>(record.size())); };
   if (!read())
      return {};
   const auto lengths = ParseRecord(record.data(), length);
   if (lengths && lengths->fKey > record.size()) {
      record.resize(lengths->fKey);
      if (!read())
         return {};
   }
   return record;
}

bool AreSoMany(Int_t many, const EntryRange &entries)
{
   return entries.fFirst >= 0 && entries.fEnd >= entries.fFirst && entries.fEnd - entries.fFirst == many;
}

// ROOT finds the entries of a branch without entry offsets by their length alone, and takes their number from the
// table of the branch: it would read on behind a basket that has fewer.
bool IsSound(const std::vector<char> &record, std::size_t length, bool hasOffsets, const EntryRange &entries)
{
   const auto header = ParseBasket(record.data(), record.size(), length);
   if (!header || header->fBytes != length || !AreSoMany(header->fEntries, entries) || !header->fIsAlone ||
       header->fBufferSize < 0)
      return false;
   const Long64_t values = header->fLast - static_cast<Long64_t>(header->fKey);
   return values >= 0 && values <= static_cast<Long64_t>(header->fObject) &&
          (hasOffsets || static_cast<Long64_t>(header->fEntries) * header->fEntrySize == values);
}

void CheckBranch(TBranch &branch)
{
   // those of another file are its own affair
   TFile *file = *branch.GetFileName() ? nullptr : branch.GetFile();
   const bool hasOffsets = branch.GetEntryOffsetLen() != 0 || MakesOffsets(branch);
   for (Int_t i = 0; file && i < branch.GetWriteBasket(); ++i) {
      const Long64_t place = branch.GetBasketSeek(i);
      const Int_t bytes = branch.GetBasketBytes()[i];
      if (place == 0)
         continue; // still in memory, or streamed with the tree
      const auto length = static_cast<std::size_t>(std::max(0, bytes));
      const bool isSound = IsInside(place, bytes, file->GetSize()) &&
                           IsSound(ReadHeader(*file, place, length), length, hasOffsets, EntriesInTable(branch, i));
      if (!isSound)
         throw RootBaler::Error(EStatus::kCorrupt, "basket " + std::to_string(i) + " of branch '" + branch.GetName() +
                                                      "' of tree '" + branch.GetTree()->GetName() + "' in '" +
                                                      file->GetName() + "' is damaged: get an intact copy of the file");
   }
   for (TObject *child : *branch.GetListOfBranches())
      CheckBranch(*static_cast<TBranch *>(child));
}

} // namespace

void CheckBaskets(TTree &tree)
{
   for (TObject *branch : *tree.GetListOfBranches())
      CheckBranch(*static_cast<TBranch *>(branch));
}

bool IsWhole(TBranch &branch)
{
   constexpr Int_t kOldCase = 30401; // TBasket::ReadBasketBuffers
   TTree *tree = branch.GetTree();
   const Int_t baskets = Baskets(branch);
   if (!tree || branch.GetEntries() != tree->GetEntries() || branch.GetEntryNumber() != tree->GetEntries() ||
       (baskets == 0) != (tree->GetEntries() == 0) || (baskets > 0 && branch.GetBasketEntry()[0] != 0))
      return false;
   if (*branch.GetFileName())
      return false;
   const ErrorTrap quiet;
   const TFile *file = branch.GetFile();
   for (Int_t i = 0; file && file->GetVersion() <= kOldCase && i < baskets; ++i)
      if (!branch.GetBasket(i) || quiet.HasError())
         return false;
   return true;
}

} // namespace Internal
} // namespace RootBaler
