#include "transcode/TreeTables.h"

#include "basket/Members.h"

#include <algorithm>

namespace RootBaler {
namespace Internal {

std::vector<TreeTables::Basket> TreeTables::BasketsOf(TBranch &branch)
{
   std::vector<Basket> baskets;
   for (Int_t i = 0; i < std::min(branch.GetWriteBasket(), branch.GetMaxBaskets()); ++i)
      baskets.push_back({branch.GetBasketEntry()[i], branch.GetBasketSeek(i), branch.GetBasketBytes()[i]});
   return baskets;
}

// The same baskets, as far as there are any, of the original; of the copy, one ends where they end.
bool TreeTables::IsPrefix(TBranch &branch, const Table &table)
{
   const auto baskets = BasketsOf(branch);
   const auto isSame = [](const Basket &a, const Basket &b) { return a.fSeek == b.fSeek && a.fEntry == b.fEntry; };
   if (baskets.size() > table.fBefore.size() ||
       !std::equal(baskets.begin(), baskets.end(), table.fBefore.begin(), isSame) ||
       std::any_of(baskets.begin(), baskets.end(), [](const Basket &basket) { return basket.fSeek <= 0; }))
      return false;
   const Long64_t end = branch.GetEntryNumber();
   const auto isEnd = [end](const Basket &basket) { return basket.fEntry == end; };
   const auto ends = [&](const std::vector<Basket> &all) {
      return end == table.fEntryNumber || std::any_of(all.begin(), all.end(), isEnd);
   };
   return ends(table.fBefore) && ends(table.fAfter);
}

void TreeTables::Add(const std::string &path, const std::vector<BranchPair> &pairs, TTree &to)
{
   Tables tables{TreeMembers::AutoFlush(to), TreeMembers::ClusterRanges(to), {}};
   for (const BranchPair &pair : pairs)
      tables.fOfBranches.push_back({BasketsOf(*pair.fFrom), BasketsOf(*pair.fTo), BranchMembers::Compress(*pair.fTo),
                                    pair.fTo->GetIOFeatures(), pair.fFrom->GetEntryNumber()});
   fKnown[path].push_back(std::move(tables));
}

bool TreeTables::Take(const std::string &path, const std::vector<BranchPair> &pairs, TTree &to) const
{
   const auto known = fKnown.find(path);
   if (known == fKnown.end())
      return false;
   const auto fits = [&pairs](const Tables &tables) {
      return std::equal(pairs.begin(), pairs.end(), tables.fOfBranches.begin(), tables.fOfBranches.end(),
                        [](const BranchPair &pair, const Table &table) { return IsPrefix(*pair.fFrom, table); });
   };
   const auto tables = std::find_if(known->second.begin(), known->second.end(), fits);
   if (tables == known->second.end())
      return false;
   TreeMembers::AutoFlush(to) = tables->fAutoFlush;
   TreeMembers::ClusterRanges(to) = tables->fClusterRanges;
   for (std::size_t i = 0; i < pairs.size(); ++i) {
      TBranch &branch = *pairs[i].fTo;
      const Table &table = tables->fOfBranches[i];
      const Long64_t end = pairs[i].fFrom->GetEntryNumber(), raw = branch.GetTotBytes();
      Empty(branch);
      Int_t n = 0;
      for (const Basket &basket : table.fAfter) {
         if (basket.fEntry >= end)
            break;
         BranchMembers::WriteBasket(branch) = n; // what is not before it, expanding makes 0
         while (n + 1 >= branch.GetMaxBaskets())
            branch.ExpandBasketArrays();
         BranchMembers::BasketEntry(branch)[n] = basket.fEntry;
         BranchMembers::BasketSeek(branch)[n] = basket.fSeek;
         BranchMembers::BasketBytes(branch)[n] = basket.fBytes;
         BranchMembers::ZipBytes(branch) += basket.fBytes;
         ++n;
      }
      if (n < branch.GetMaxBaskets())
         BranchMembers::BasketEntry(branch)[n] = end;
      BranchMembers::WriteBasket(branch) = n;
      BranchMembers::EntryNumber(branch) = end;
      BranchMembers::TotBytes(branch) = raw;
      BranchMembers::Compress(branch) = table.fCompress;
      ROOT::TIOFeatures features = table.fFeatures;
      branch.SetIOFeatures(features);
   }
   return true;
}

} // namespace Internal
} // namespace RootBaler
