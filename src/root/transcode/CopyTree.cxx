#include "transcode/CopyTree.h"

#include "basket/BasketCheck.h"
#include "basket/BasketLayout.h"
#include "basket/EntryReader.h"
#include "basket/LockedReads.h"
#include "basket/Members.h"
#include "codec/CodecLink.h"
#include "support/Parallel.h"
#include "transcode/BasketCopy.h"
#include "transcode/BranchPair.h"
#include "transcode/Clusters.h"
#include "transcode/JoinedBasket.h"

#include <TBranchRef.h>
#include <TFile.h>
#include <TList.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

namespace RootBaler {
namespace Internal {

namespace {

void RemoveLeaves(TTree &tree, TBranch &branch)
{
   for (TObject *leaf : *branch.GetListOfLeaves())
      tree.GetListOfLeaves()->Remove(leaf);
   for (TObject *sub : *branch.GetListOfBranches())
      RemoveLeaves(tree, *static_cast<TBranch *>(sub));
}

void MakeBranchOrdinary(TBranch &branch)
{
   if (IsOurs(branch))
      branch.SetCompressionSettings(kOrdinarySetting);
   for (TObject *sub : *branch.GetListOfBranches())
      MakeBranchOrdinary(*static_cast<TBranch *>(sub));
}

// The offsets that ROOT 6.40 makes from counters when reading are wrong but for who begins at a basket's first entry.
void StoreOffsets(TBranch &branch)
{
   ROOT::TIOFeatures features = branch.GetIOFeatures();
   features.Clear(ROOT::Experimental::EIOFeatures::kGenerateOffsetMap);
   branch.SetIOFeatures(features);
}

/// The key of a tree, with the name, the cycle and the date of the original's.
class TreeKey : public TKey {
public:
   TreeKey(TTree &tree, TKey &like, TDirectory &to) : TKey(&tree, like.GetName(), kBuffer, &to)
   {
      fCycle = like.GetKeep() ? static_cast<Short_t>(-like.GetCycle()) : like.GetCycle();
      fDatime = like.GetDatime();
   }

   bool Write()
   {
      if (!fBuffer || fSeekKey <= 0)
         return false;
      char *header = fBuffer;
      FillBuffer(header);
      const bool isWritten = WriteFile(0) >= 0;
      DeleteBuffer();
      return isWritten;
   }

private:
   static constexpr Int_t kBuffer = 10000;
};

class TreeCopier {
public:
   TreeCopier(const TreeToCopy &tree, TDirectory &to, const CopyPolicy &policy, TreeTables &tables,
              const std::function<void(Long64_t)> &done, ErrorTrap &trap)
      : fSource(*tree.fTree), fKey(*tree.fKey), fPath(tree.fPath), fBorders(tree.fBorders), fTo(to), fPolicy(policy),
        fTables(tables), fDone(done), fTrap(trap)
   {
   }

   void Run()
   {
      if (fSource.GetEntries() < 0)
         throw Error(EStatus::kCorrupt, "tree " + Name() + " is damaged");
      ReadWithoutCache(fSource);
      // a second one of the same bytes: its tables become those of the copy
      fCopy.reset(dynamic_cast<TTree *>(fKey.ReadObj()));
      if (!fCopy)
         fTrap.Throw(EStatus::kCorrupt, "cannot read tree " + Name());
      fCopy->SetDirectory(&fTo);
      if (TreeMembers::UserInfo(*fCopy))
         RemoveCodecs(*fCopy);
      Pair();
      fPolicy.fPrepareTree(fSource, *fCopy, fPath);
      fPairs = fCopied;
      if (fTables.Take(fPath, fPairs, *fCopy)) {
         fDone(fSource.GetEntries());
      } else {
         Sort();
         CopyBaskets();
         fTables.Add(fPath, fPairs, *fCopy);
      }
      Finish();
      if (fPolicy.fTreeDone)
         fPolicy.fTreeDone(*fCopy);
      auto *key = new TreeKey(*fCopy, fKey, fTo); // the directory owns it
      if (!key->Write())
         fTrap.Throw(EStatus::kIO,
                     "cannot write tree " + Name() + " to '" + fTo.GetFile()->GetName() + "': is the disk full?");
   }

private:
   std::string Name() const { return "'" + fPath + "' of '" + fSource.GetCurrentFile()->GetName() + "'"; }

   void Pair()
   {
      TObjArray &ones = *fSource.GetListOfBranches(), &others = *fCopy->GetListOfBranches();
      if (ones.GetEntriesFast() != others.GetEntriesFast())
         throw Error(EStatus::kCorrupt, "tree " + Name() + " is damaged");
      for (Int_t i = 0; i < ones.GetEntriesFast(); ++i) {
         auto *one = static_cast<TBranch *>(ones.UncheckedAt(i)),
              *other = static_cast<TBranch *>(others.UncheckedAt(i));
         if (!fPolicy.fIsKept || fPolicy.fIsKept(fPath, *one)) {
            CollectPairs(*one, *other, fCopied);
            continue;
         }
         RemoveLeaves(*fCopy, *other);
         fRemoved.Add(others.RemoveAt(i));
      }
      others.Compress();
      fCopy->GetListOfLeaves()->Compress();
      if (fSource.GetBranchRef() && fCopy->GetBranchRef())
         CollectPairs(*fSource.GetBranchRef(), *fCopy->GetBranchRef(), fCopied);
   }

   // Branches that get our setting are compressed anew, if all their entries are where the tree's are.
   void Sort()
   {
      const auto isCoded = [this](const BranchPair &pair) {
         if (!IsOurs(*pair.fTo))
            return false;
         const bool isWhole = LayoutOf(*pair.fFrom) && IsWhole(*pair.fFrom);
         if (!isWhole)
            BranchMembers::Compress(*pair.fTo) = BranchMembers::Compress(*pair.fFrom);
         return isWhole;
      };
      const auto middle = std::stable_partition(fCopied.begin(), fCopied.end(), isCoded);
      fCoded.assign(fCopied.begin(), middle);
      fCopied.erase(fCopied.begin(), middle);
      // Baskets in another file stay there, and the branch goes on naming it.
      const auto isElsewhere = [this](const BranchPair &pair) {
         const char *file = pair.fFrom->GetFileName();
         if (*file && pair.fFrom->GetEntries() > 0)
            Warning("RootBaler", "branch '%s' of tree %s has its baskets in the file '%s', which is not copied",
                    pair.fFrom->GetName(), Name().c_str(), file);
         if (!*file)
            return false;
         BranchMembers::FileName(*pair.fTo) = file;        // TTree::SetDirectory() has changed it
         BranchMembers::Directory(*pair.fTo) = nullptr; // else the branch would be written as a key, too
         return true;
      };
      fCopied.erase(std::remove_if(fCopied.begin(), fCopied.end(), isElsewhere), fCopied.end());
   }

   void CopyBaskets()
   {
      const Long64_t entries = fSource.GetEntries();
      Long64_t cluster = std::max<Long64_t>(entries, 1);
      if (!fCoded.empty()) {
         cluster = ClusterEntries(fSource, ContextBytes(fSource, *fCopy));
         TreeMembers::AutoFlush(*fCopy) = cluster;
         TreeMembers::ClusterRanges(*fCopy) = 0;
      }
      for (const BranchPair &pair : fCoded) {
         StoreOffsets(*pair.fTo);
         Empty(*pair.fTo);
         fReaders.push_back(std::make_unique<EntryReader>(*pair.fFrom));
      }
      std::vector<BasketCopy> copies;
      for (const BranchPair &pair : fCopied)
         copies.emplace_back(pair, *fSource.GetCurrentFile(), *fTo.GetFile(), fPath);
      // Baskets keep their order of entries, so that who reads a range of them finds them side by side.
      auto border = fBorders.begin();
      for (Long64_t first = 0, end = 0; first < entries; first = end) {
         end = std::min((first / cluster + 1) * cluster, entries);
         border = std::upper_bound(border, fBorders.end(), first);
         if (border != fBorders.end())
            end = std::min(end, *border);
         CodeCluster(first, end);
         for (BasketCopy &copy : copies)
            copy.CopyUpTo(end);
         fDone(end - first);
      }
      for (BasketCopy &copy : copies) {
         copy.CopyUpTo(std::numeric_limits<Long64_t>::max()); // branches may have more entries than their tree
         copy.Finish();
      }
   }

   // All branches' baskets are there before the first is written: some are coded given others.
   void CodeCluster(Long64_t first, Long64_t end)
   {
      const auto read = [&](std::size_t i) {
         EntryBytes entries;
         fReaders[i]->Read(first, end, entries);
         PutEntries(*fCoded[i].fTo, entries, fCoded[i].fTo->GetWriteBasket());
         BranchMembers::EntryNumber(*fCoded[i].fTo) = end;
      };
      const auto write = [&](std::size_t i) { WriteBasket(*fCoded[i].fTo, fCoded[i].fTo->GetWriteBasket(), fPath); };
      const auto goOn = [&] { fDone(0); };
      ForEach(fCoded.size(), read, goOn);
      ForEach(fCoded.size(), write, goOn);
   }

   void Finish()
   {
      for (const BranchPair &pair : fCoded) {
         pair.fTo->GetListOfBaskets()->Delete(); // an empty one
         BranchMembers::BasketsInMemory(*pair.fTo) = 0;
         BranchMembers::CurrentBasket(*pair.fTo) = nullptr;
      }
      Long64_t tot = 0, zip = 0;
      for (const BranchPair &pair : fPairs) {
         tot += BranchMembers::TotBytes(*pair.fTo);
         zip += BranchMembers::ZipBytes(*pair.fTo);
      }
      TreeMembers::TotBytes(*fCopy) = tot;
      TreeMembers::ZipBytes(*fCopy) = zip;
      for (Long64_t *bytes : {&TreeMembers::FlushedBytes(*fCopy), &TreeMembers::SavedBytes(*fCopy)})
         *bytes = std::min(*bytes, zip);
   }

   TTree &fSource;
   TKey &fKey;
   const std::string &fPath;
   const std::vector<Long64_t> &fBorders;
   TDirectory &fTo;
   const CopyPolicy &fPolicy;
   TreeTables &fTables;
   const std::function<void(Long64_t)> &fDone;
   ErrorTrap &fTrap;
   TList fRemoved; ///< branches that are not kept
   std::unique_ptr<TTree> fCopy;
   std::vector<BranchPair> fPairs;           ///< all
   std::vector<BranchPair> fCoded, fCopied; ///< sorted
   std::vector<std::unique_ptr<EntryReader>> fReaders; ///< of fCoded
};

} // namespace

void MakeOrdinary(TTree &tree)
{
   for (TObject *branch : *tree.GetListOfBranches())
      MakeBranchOrdinary(*static_cast<TBranch *>(branch));
}

void CopyTree(const TreeToCopy &tree, TDirectory &to, const CopyPolicy &policy, TreeTables &tables,
              const std::function<void(Long64_t)> &done, ErrorTrap &trap)
{
   TreeCopier(tree, to, policy, tables, done, trap).Run();
}

} // namespace Internal
} // namespace RootBaler
