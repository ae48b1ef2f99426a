// Compares the decoded baskets of counts_write.C with those of a reference, entry offsets included, and then reads each
// branch backwards. fewest, most: bytes of a basket of equal numbers, but for the last.
#include "data.h"
#include <TBasket.h>
#include <TBranch.h>
#include <TBuffer.h>
#include <TFile.h>
#include <TLeaf.h>
#include <TTree.h>

int gCompared = 0;

void Compare(TObjArray &branches, TObjArray &references)
{
   Require(branches.GetEntriesFast() == references.GetEntriesFast(), "the same branches");
   for (int i = 0; i < branches.GetEntriesFast(); ++i) {
      auto *branch = static_cast<TBranch *>(branches[i]), *truth = static_cast<TBranch *>(references[i]);
      const std::string name = branch->GetName();
      Require(branch->GetWriteBasket() == truth->GetWriteBasket(), name + ": the same baskets");
      for (int n = branch->GetWriteBasket() - 1; n >= 0; --n) {
         TBasket *basket = branch->GetBasket(n), *other = truth->GetBasket(n);
         Require(basket && other && basket->GetObjlen() == other->GetObjlen() &&
                    basket->GetNevBuf() == other->GetNevBuf() && basket->GetLast() == other->GetLast(),
                 name + ": basket " + std::to_string(n) + " can be read");
         Require(!std::memcmp(basket->GetBufferRef()->Buffer() + basket->GetKeylen(),
                              other->GetBufferRef()->Buffer() + other->GetKeylen(),
                              basket->GetLast() - basket->GetKeylen()),
                 name + ": values of basket " + std::to_string(n));
         Require(!basket->GetEntryOffset() == !other->GetEntryOffset() &&
                    (!basket->GetEntryOffset() || !std::memcmp(basket->GetEntryOffset(), other->GetEntryOffset(),
                                                               basket->GetNevBuf() * sizeof(Int_t))),
                 name + ": entry offsets of basket " + std::to_string(n));
         ++gCompared;
      }
      Compare(*branch->GetListOfBranches(), *truth->GetListOfBranches());
   }
}

void counts_read(std::string path, std::string reference, int fewest = 0, int most = 1 << 20)
{
   TFile file(path.c_str()), referenceFile(reference.c_str());
   auto *tree = file.Get<TTree>("k"), *truth = referenceFile.Get<TTree>("k");
   Require(tree && truth && tree->GetEntries() == truth->GetEntries(), "the tree can be read");
   Compare(*tree->GetListOfBranches(), *truth->GetListOfBranches());
   Require(gCompared > 50, "there are baskets");
   tree->DropBaskets();
   for (const char *name : {"b", "s", "u", "l", "flat"}) {
      const std::string counter = std::string("n") + (*name == 'f' ? "l" : name);
      TLeaf *leaf = tree->GetLeaf(name), *other = truth->GetLeaf(name);
      for (Long64_t e = tree->GetEntries() - 1; e >= 0; e -= 3) {
         for (TTree *t : {tree, truth}) {
            t->GetBranch(counter.c_str())->GetEntry(e);
            t->GetBranch(name)->GetEntry(e);
         }
         Require(leaf->GetLen() == other->GetLen(), std::string(name) + ": elements of entry " + std::to_string(e));
         for (int k = 0; k < leaf->GetLen(); ++k)
            Require(leaf->GetValue(k) == other->GetValue(k), std::string(name) + ": entry " + std::to_string(e));
      }
   }
   TBranch *flat = tree->GetBranch("flat");
   for (int n = 0; n < flat->GetWriteBasket() - 1; ++n) {
      const int bytes = flat->GetBasketBytes()[n] - flat->GetBasket(n)->GetKeylen();
      Require(bytes >= fewest && bytes <= most, "a basket of equal numbers has " + std::to_string(bytes) + " bytes");
   }
   gSystem->Exit(0);
}
