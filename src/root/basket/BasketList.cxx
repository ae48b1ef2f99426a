#include "basket/BasketList.h"

#include "RootBaler/Error.h"

#include <TBranch.h>

#include <algorithm>
#include <string>

namespace RootBaler {
namespace Internal {

namespace {

Int_t LastBasket(TBranch &branch) // the one after those on file, which may be in memory
{
   return std::min(branch.GetWriteBasket(), branch.GetMaxBaskets() - 1);
}

} // namespace

Int_t Baskets(TBranch &branch)
{
   const Int_t last = LastBasket(branch);
   const Long64_t *entries = branch.GetBasketEntry();
   if (!entries || last < 0)
      return 0;
   return entries[last] < branch.GetEntryNumber() ? last + 1 : last;
}

Int_t BasketAt(TBranch &branch, Long64_t pos)
{
   const Int_t last = LastBasket(branch);
   const Int_t guess = branch.GetReadBasket(); // TBranch::GetEntry sets it before it reads
   if (guess >= 0 && guess <= last && branch.GetBasketSeek(guess) == pos)
      return guess;
   for (Int_t i = 0; i <= last; ++i)
      if (branch.GetBasketSeek(i) == pos)
         return i;
   throw Error(EStatus::kCorrupt, "the branch does not list this basket");
}

Int_t BasketWith(TBranch &branch, Long64_t entry)
{
   const Int_t last = LastBasket(branch);
   const Long64_t *entries = branch.GetBasketEntry();
   if (!entries || last < 0)
      return -1;
   const Int_t number = static_cast<Int_t>(std::upper_bound(entries, entries + last + 1, entry) - entries) - 1;
   if (number < 0)
      return -1;
   // the last one may be empty still
   const bool isLast = number == last && entry >= branch.GetEntryNumber();
   return isLast ? -1 : number;
}

EntryRange EntriesInTable(TBranch &branch, Int_t number)
{
   const Int_t last = LastBasket(branch);
   const Long64_t *entries = branch.GetBasketEntry();
   return {entries[number], number < last ? entries[number + 1] : branch.GetEntryNumber()};
}

EntryRange EntriesOf(TBranch &branch, Int_t number)
{
   const EntryRange range = EntriesInTable(branch, number);
   if (range.fFirst < 0 || range.fEnd <= range.fFirst || range.fEnd - range.fFirst > kMaxInt / 4)
      throw Error(EStatus::kCorrupt, std::string("the list of baskets of branch ") + branch.GetName() + " is damaged");
   return range;
}

} // namespace Internal
} // namespace RootBaler
