#include "transcode/JoinedBasket.h"

#include "basket/Members.h"
#include "support/ErrorTrap.h"

#include <TBasket.h>
#include <TBranch.h>
#include <TBuffer.h>
#include <TFile.h>
#include <TTree.h>

#include <algorithm>
#include <memory>

namespace RootBaler {
namespace Internal {

namespace {

std::unique_ptr<TBasket> MakeBasket(TBranch &branch, const EntryBytes &entries)
{
   // No class of ours: the table of virtual functions must be the one that the hooks have changed.
   auto basket = std::make_unique<TBasket>(branch.GetName(), branch.GetTree()->GetName(), &branch);
   const Int_t begin = basket->GetKeylen();
   const auto length = static_cast<Int_t>(entries.fBytes.size());
   const auto count = static_cast<Int_t>(entries.fEntries);
   Int_t *&offsets = BasketMembers::Offsets(*basket);
   delete[] offsets;
   offsets = nullptr;
   BasketMembers::Entries(*basket) = count;
   BasketMembers::EntrySize(*basket) = entries.fEntrySize;
   Int_t size = begin + length;
   if (!entries.fBegins.empty()) {
      BasketMembers::EntrySize(*basket) = count + 1; // as ROOT, which has room for more
      size += (count + 1) * static_cast<Int_t>(sizeof(Int_t));
      offsets = new Int_t[count + 1];
      std::transform(entries.fBegins.begin(), entries.fBegins.end(), offsets, [=](Int_t at) { return begin + at; });
      offsets[count] = begin + length;
   }
   BasketMembers::BufferSize(*basket) = std::max(basket->GetBufferSize(), size);
   basket->GetBufferRef()->WriteBuf(entries.fBytes.data(), length);
   BasketMembers::Last(*basket) = begin + length;
   return basket;
}

} // namespace

void PutEntries(TBranch &branch, const EntryBytes &entries, Int_t number)
{
   TObjArray &baskets = *branch.GetListOfBaskets();
   if (number <= baskets.GetLast())
      delete baskets.RemoveAt(number); // ROOT leaves an empty one for the next to come
   baskets.AddAtAndExpand(MakeBasket(branch, entries).release(), number);
   BranchMembers::BasketsInMemory(branch) = 1;
   BranchMembers::BasketSeek(branch)[number] = 0;
}

void WriteBasket(TBranch &branch, Int_t number, const std::string &tree)
{
   ErrorTrap trap;
   if (branch.FlushOneBasket(static_cast<UInt_t>(number)) <= 0 || branch.GetBasketSeek(number) <= 0)
      trap.Throw(EStatus::kIO, std::string("cannot write branch '") + branch.GetName() + "' of tree '" + tree +
                                  "' to '" + branch.GetFile()->GetName() + "': is the disk full?");
}

} // namespace Internal
} // namespace RootBaler
