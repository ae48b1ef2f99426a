#include "transcode/BasketCopy.h"

#include "basket/BasketList.h"
#include "basket/BasketRecord.h"
#include "basket/BlockHeader.h"
#include "basket/EntryReader.h"
#include "basket/Members.h"
#include "basket/PlainRecord.h"
#include "transcode/JoinedBasket.h"
#include "transcode/JoinedRecord.h"
#include "transcode/RecordCopy.h"
#include "transcode/SelfContained.h"

#include <algorithm>

namespace RootBaler {
namespace Internal {

namespace {

// What readers of one entry must decompress; ROOT's own baskets have 32 kB to some hundreds.
constexpr std::size_t kMostJoined = 4 << 20;

bool HoldsOurBlocks(const std::vector<char> &record)
{
   const unsigned char *block = FirstBlockOf(record.data(), *ParseRecord(record.data(), record.size()));
   return block && IsOurBlock(block);
}

std::size_t PlainBytes(const std::vector<char> &record)
{
   return ParseRecord(record.data(), record.size())->fObject;
}

// What a basket adds to TBranch::fTotBytes.
Long64_t RawBytes(const std::vector<char> &record)
{
   const auto header = ParseRecord(record.data(), record.size());
   return static_cast<Long64_t>(header->fObject + header->fKey);
}

bool HasBasketsInMemory(TBranch &branch)
{
   for (TObject *basket : *branch.GetListOfBaskets())
      if (basket)
         return true;
   return false;
}

} // namespace

BasketCopy::BasketCopy(const BranchPair &pair, TFile &from, TFile &to, const std::string &tree)
   : fFrom(*pair.fFrom), fTo(*pair.fTo), fFromFile(from), fToFile(to), fTree(tree),
     fBaskets(std::min(fFrom.GetWriteBasket() + 1, fFrom.GetMaxBaskets())),
     fJoins(IsSelfContained(fFrom) && !HasBasketsInMemory(fTo))
{
}

std::string BasketCopy::What(Int_t number) const
{
   return "basket " + std::to_string(number) + " of branch '" + fFrom.GetName() + "' of tree '" + fTree + "'";
}

bool BasketCopy::IsThere(Int_t number) const
{
   return fFrom.GetBasketSeek(number) > 0 && fFrom.GetBasketBytes()[number] > 0;
}

BasketCopy::Record BasketCopy::Read(Int_t number) const
{
   return ReadWhole(fFromFile, fFrom.GetBasketSeek(number), fFrom.GetBasketBytes()[number], What(number));
}

void BasketCopy::CopyUpTo(Long64_t end)
{
   const auto isNext = [&] { return fNext < fBaskets && fFrom.GetBasketEntry()[fNext] < end; };
   while (isNext()) {
      if (!IsThere(fNext)) {
         Keep(fNext++);
         continue;
      }
      const Int_t first = fNext;
      std::vector<Record> run;
      std::size_t bytes = 0;
      while (isNext() && IsThere(fNext)) {
         Record record = Read(fNext);
         const bool isOurs = HoldsOurBlocks(record);
         if (!run.empty() && (isOurs || !fJoins || bytes + PlainBytes(record) > kMostJoined))
            break;
         ++fNext;
         if (isOurs) {
            Decode(first);
            break;
         }
         bytes += PlainBytes(record);
         run.push_back(std::move(record));
      }
      if (!run.empty())
         CopyRun(first, run);
   }
}

void BasketCopy::CopyRun(Int_t first, const std::vector<Record> &records)
{
   std::vector<Record> smaller;
   std::size_t bytes = 0;
   for (const Record &record : records) {
      smaller.push_back(Smaller(record));
      bytes += smaller.back().size();
   }
   if (records.size() > 1) {
      Record joined = Smaller(JoinRecords(records));
      if (!joined.empty() && joined.size() < bytes) {
         for (const Record &record : records) {
            BranchMembers::ZipBytes(fTo) -= static_cast<Long64_t>(record.size());
            BranchMembers::TotBytes(fTo) -= RawBytes(record);
         }
         BranchMembers::TotBytes(fTo) += RawBytes(joined);
         BranchMembers::ZipBytes(fTo) += static_cast<Long64_t>(joined.size());
         Store(first, std::move(joined));
         return;
      }
   }
   for (std::size_t i = 0; i < records.size(); ++i) {
      BranchMembers::ZipBytes(fTo) += static_cast<Long64_t>(smaller[i].size()) -
                                      static_cast<Long64_t>(records[i].size());
      Store(first + static_cast<Int_t>(i), std::move(smaller[i]));
   }
}

void BasketCopy::Store(Int_t first, Record record)
{
   const Place place = WriteRecord(std::move(record), fToFile, What(first));
   BranchMembers::BasketEntry(fTo)[fWritten] = fFrom.GetBasketEntry()[first];
   BranchMembers::BasketSeek(fTo)[fWritten] = place.fPos;
   BranchMembers::BasketBytes(fTo)[fWritten] = place.fBytes;
   ++fWritten;
}

// A basket that is nowhere, or in memory and written with the tree.
void BasketCopy::Keep(Int_t number)
{
   BranchMembers::BasketEntry(fTo)[fWritten] = fFrom.GetBasketEntry()[number];
   BranchMembers::BasketSeek(fTo)[fWritten] = fFrom.GetBasketSeek(number);
   BranchMembers::BasketBytes(fTo)[fWritten] = fFrom.GetBasketBytes()[number];
   ++fWritten;
}

void BasketCopy::Decode(Int_t number)
{
   const EntryRange range = EntriesOf(fFrom, number);
   EntryBytes entries;
   EntryReader(fFrom).Read(range.fFirst, range.fEnd, entries);
   const Record record = Read(number);
   BranchMembers::ZipBytes(fTo) -= static_cast<Long64_t>(record.size());
   BranchMembers::TotBytes(fTo) -= RawBytes(record);
   BranchMembers::BasketEntry(fTo)[fWritten] = range.fFirst;
   PutEntries(fTo, entries, fWritten);
   WriteBasket(fTo, fWritten, fTree);
   ++fWritten;
}

void BasketCopy::Finish()
{
   if (fWritten == fBaskets || fBaskets <= 0)
      return;
   // fewer than before: behind the last one stands where the next would begin
   const Int_t before = fTo.GetWriteBasket();
   const Int_t last = fWritten - (fBaskets - before);
   BranchMembers::WriteBasket(fTo) = last;
   for (Int_t i = fWritten; i < fBaskets; ++i) {
      BranchMembers::BasketEntry(fTo)[i] = 0;
      BranchMembers::BasketSeek(fTo)[i] = 0;
      BranchMembers::BasketBytes(fTo)[i] = 0;
   }
}

} // namespace Internal
} // namespace RootBaler
