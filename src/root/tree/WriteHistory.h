// What the branches of one tree look like to the branches that are coded with their help, while the tree is written.
#ifndef ROOTBALER_WRITEHISTORY_H
#define ROOTBALER_WRITEHISTORY_H

#include "codec/Model.h"

#include <Rtypes.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

class TBasket;
class TBranch;
class TObjArray;
class TTree;

namespace RootBaler {
namespace Internal {

/// With implicit MT ROOT flushes the branches of a tree in parallel. A branch that begins to write leaves the context
/// of its basket here first, under the lock; who needs it finds it here, or else in the basket still in memory, which
/// nobody can begin to write while the lock is held.
class WriteHistory {
public:
   /// What others need to see of a branch: contexts of a model's column, or the numbers of a counter; or nothing, if it
   /// only needs others.
   struct Role {
      ModelPtr fModel; ///< null: not a column of a model
      std::size_t fColumn = 0;
      bool fIsCounter = false;
   };

   /// Contexts of some rows, as long as somebody looks at them.
   struct View {
      std::shared_ptr<const ColumnContext> fOwner;
      std::size_t fFirst = 0;
      std::size_t fRows = 0;
      RbSeen Data() const { return fOwner ? fOwner->View(fFirst) : RbSeen{nullptr, nullptr}; }
   };

   /// `basket` of `branch` begins to be written as basket number `where`.
   void Begin(TBranch &branch, TBasket &basket, Int_t where, const std::vector<Role> &roles);
   /// ROOT is done with it.
   void End(TBranch &branch);

   /// The contexts of `parents` for the entries from `first`, as many rows as all of them have. The caller has made
   /// sure that the parents are written with this same model: with other bounds readers would see other values.
   struct Gathered {
      std::vector<View> fContexts;
      std::size_t fRows = 0;
   };
   /// \param counts Jagged models: elements of the entries (CountsOf).
   Gathered Gather(TBranch &child, const ModelPtr &model, const std::vector<std::uint32_t> &parents, Long64_t first,
                   std::size_t entries, const std::vector<std::uint32_t> &counts);

   /// Elements of each entry from `first`, by the counter of `child` as readers will see it; empty if not known.
   std::vector<std::uint32_t> CountsOf(TBranch &child, Long64_t first, std::size_t entries);

   /// True if a branch that we compress has `branch` as its counter.
   bool IsCounter(TBranch &branch);

private:
   struct Segment { // entries without a gap
      Long64_t fFirst = 0;
      Int_t fWhere = -1; ///< number of the basket
      std::size_t fEntries = 0;
      std::shared_ptr<ColumnContext> fContext; ///< grows only while nobody else looks at it; null: none
      std::vector<std::uint32_t> fEnds; ///< jagged columns: elements up to the end of each entry
      std::vector<std::uint32_t> fCounts;
      Long64_t End() const { return fFirst + static_cast<Long64_t>(fEntries); }
      std::size_t Bytes() const { return (fContext ? fContext->Bytes() : 0) + 4 * (fEnds.size() + fCounts.size()); }
      std::size_t Agreeing(std::size_t from, std::size_t to, const std::uint32_t *counts) const;
      void Append(const ColumnContext &more);
      std::size_t Begin(std::size_t entry) const;
   };
   struct Column {
      Role fRole;
      std::deque<Segment> fWritten;
      Segment fLive; ///< of the basket being filled, as far as somebody asked
   };
   struct Record { // of a branch
      std::map<const Model *, Column> fColumns; ///< its roles, by model
      Long64_t fEnd = 0;                        ///< entries before this one were written
      bool fIsWriting = false;
   };

   Column &Look(TBranch &branch, const Role &role);
   void UpdateLive(Column &column, TBranch &branch, TBasket &basket, Int_t where);
   /// The segment that has `entry`, or null.
   const Segment *FindSegment(Column &column, TBranch &branch, Long64_t entry);
   /// Elements of the entries from `first`, as far as the counter is known.
   std::vector<std::uint32_t> KnownCounts(TBranch &child, Long64_t first, std::size_t entries);
   View GatherOwn(TBranch &child, const ModelPtr &model, std::size_t column, Long64_t first, std::size_t entries,
                  const std::vector<std::uint32_t> &counts);
   View GatherForeign(TBranch &child, const ModelPtr &model, std::size_t column, Long64_t first, std::size_t entries,
                      const std::vector<std::uint32_t> &counts);
   View ViewOf(TBranch &branch, Column &column, Long64_t first, std::size_t entries,
               const std::vector<std::uint32_t> &counts);
   void DropPassed(TTree &tree);
   TBranch *Find(TTree &tree, const std::string &name);
   void LookAtBranches(TTree &tree);
   void LookAtCounters(TObjArray &branches);

   struct Pointed { // what the index of a foreign column points to, in some entries
      Long64_t fFirst = 0;
      std::size_t fEntries = 0;
      View fView;
   };

   std::mutex fMutex;
   std::map<std::string, TBranch *> fBranches; ///< column branches by name, as looked up
   std::map<TBranch *, std::vector<TBranch *>> fCounted; ///< counters, and the branches that have them
   Int_t fNBranches = 0;                       ///< of the tree when these were begun
   std::map<TBranch *, Record> fRecords;
   /// The last of each foreign column: the branches that see it are mostly written one after the other.
   std::map<std::pair<const Model *, std::size_t>, Pointed> fPointed;
   std::size_t fBytes = 0;                     ///< kept in fWritten of all columns
   std::size_t fDropAt = 0;                    ///< when to look for what can be forgotten
};

} // namespace Internal
} // namespace RootBaler

#endif
