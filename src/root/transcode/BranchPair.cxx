#include "transcode/BranchPair.h"

#include "basket/Members.h"

#include <TBasket.h>

#include <algorithm>

namespace RootBaler {
namespace Internal {

void CollectPairs(TBranch &from, TBranch &to, std::vector<BranchPair> &pairs)
{
   pairs.push_back({&from, &to});
   TObjArray &ones = *from.GetListOfBranches(), &others = *to.GetListOfBranches();
   for (Int_t i = 0; i <= std::min(ones.GetLast(), others.GetLast()); ++i)
      if (ones.UncheckedAt(i) && others.UncheckedAt(i))
         CollectPairs(*static_cast<TBranch *>(ones.UncheckedAt(i)), *static_cast<TBranch *>(others.UncheckedAt(i)),
                      pairs);
}

void Empty(TBranch &branch)
{
   branch.GetListOfBaskets()->Delete();
   for (Int_t i = 0; i < branch.GetMaxBaskets(); ++i) {
      BranchMembers::BasketBytes(branch)[i] = 0;
      BranchMembers::BasketEntry(branch)[i] = 0;
      BranchMembers::BasketSeek(branch)[i] = 0;
   }
   BranchMembers::WriteBasket(branch) = 0;
   BranchMembers::EntryNumber(branch) = 0;
   BranchMembers::BasketsInMemory(branch) = 0;
   BranchMembers::CurrentBasket(branch) = nullptr;
   BranchMembers::TotBytes(branch) = BranchMembers::ZipBytes(branch) = 0;
}

} // namespace Internal
} // namespace RootBaler
