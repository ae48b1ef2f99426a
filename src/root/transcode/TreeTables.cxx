#include "transcode/TreeTables.h"

#include "basket/Members.h"

#include <algorithm>

namespace RootBaler {
namespace Internal {

// All that says which baskets a tree has; empty if some are in memory alone.
TreeTables::Key TreeTables::KeyOf(const std::vector<BranchPair> &pairs)
{
   Key key;
   for (const BranchPair &pair : pairs) {
      TBranch &branch = *pair.fFrom;
      const Int_t baskets = branch.GetWriteBasket();
      for (const Long64_t number : {branch.GetEntries(), branch.GetEntryNumber(), static_cast<Long64_t>(baskets)})
         key.push_back(number);
      for (Int_t i = 0; i < std::min(baskets + 1, branch.GetMaxBaskets()); ++i) {
         if (i < baskets && branch.GetBasketSeek(i) <= 0)
            return {};
         key.push_back(branch.GetBasketSeek(i));
         key.push_back(branch.GetBasketEntry()[i]);
      }
   }
   return key;
}

void TreeTables::Add(const std::string &path, const std::vector<BranchPair> &pairs, TTree &to)
{
   Key key = KeyOf(pairs);
   if (key.empty())
      return;
   Tables &tables = fKnown[{path, std::move(key)}];
   tables.fAutoFlush = TreeMembers::AutoFlush(to);
   tables.fClusterRanges = TreeMembers::ClusterRanges(to);
   for (const BranchPair &pair : pairs) {
      TBranch &branch = *pair.fTo;
      const Int_t n = branch.GetMaxBaskets();
      const auto copy = [n](auto *from) { return std::vector(from, from + n); };
      tables.fOfBranches.push_back({BranchMembers::Compress(branch), BranchMembers::WriteBasket(branch),
                                    BranchMembers::EntryNumber(branch), BranchMembers::TotBytes(branch),
                                    BranchMembers::ZipBytes(branch), branch.GetIOFeatures(),
                                    copy(BranchMembers::BasketBytes(branch)), copy(BranchMembers::BasketEntry(branch)),
                                    copy(BranchMembers::BasketSeek(branch))});
   }
}

bool TreeTables::Take(const std::string &path, const std::vector<BranchPair> &pairs, TTree &to) const
{
   const auto known = fKnown.find({path, KeyOf(pairs)});
   if (known == fKnown.end() || known->second.fOfBranches.size() != pairs.size())
      return false;
   const Tables &tables = known->second;
   TreeMembers::AutoFlush(to) = tables.fAutoFlush;
   TreeMembers::ClusterRanges(to) = tables.fClusterRanges;
   for (std::size_t i = 0; i < pairs.size(); ++i) {
      TBranch &branch = *pairs[i].fTo;
      const Table &table = tables.fOfBranches[i];
      Empty(branch);
      while (branch.GetMaxBaskets() < static_cast<Int_t>(table.fBytes.size()))
         branch.ExpandBasketArrays();
      std::copy(table.fBytes.begin(), table.fBytes.end(), BranchMembers::BasketBytes(branch));
      std::copy(table.fEntries.begin(), table.fEntries.end(), BranchMembers::BasketEntry(branch));
      std::copy(table.fSeeks.begin(), table.fSeeks.end(), BranchMembers::BasketSeek(branch));
      BranchMembers::Compress(branch) = table.fCompress;
      BranchMembers::WriteBasket(branch) = table.fWriteBasket;
      BranchMembers::EntryNumber(branch) = table.fEntryNumber;
      BranchMembers::TotBytes(branch) = table.fTotBytes;
      BranchMembers::ZipBytes(branch) = table.fZipBytes;
      ROOT::TIOFeatures features = table.fFeatures;
      branch.SetIOFeatures(features);
   }
   return true;
}

} // namespace Internal
} // namespace RootBaler
