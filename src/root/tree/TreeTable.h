// The branches of a tree that is being written, as the columns of the core's writing session.
#ifndef ROOTBALER_TREETABLE_H
#define ROOTBALER_TREETABLE_H

#include "basket/BasketLayout.h"

#include <rootbaler/rootbaler.h>

#include <Rtypes.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

class TBasket;
class TBranch;
class TObjArray;
class TObject;
class TTree;

namespace RootBaler {
namespace Internal {

/// Columns have numbers, each its branch's own as long as that is in the tree and stays what it is.
class TreeTable {
public:
   /// For rb_write_session_new(); this object must outlive the session.
   RbTable Callbacks();
   /// Looks whether the tree has other branches than before. Gives the columns that are gone: to be forgotten.
   std::vector<std::uint64_t> Update(TTree &tree);
   /// The column of a branch that the tree has; nothing for all that is not of numbers alone.
   std::optional<std::uint64_t> ColumnOf(TBranch &branch);
   /// A basket as it is in memory.
   static RbLive LiveOf(TBranch &branch, TBasket *basket, Int_t where);

private:
   /// What a column is, as far as it was asked for.
   struct Shape {
      BasketLayout fLayout;
      RbColumnInfo fInfo; ///< without name and counter
   };
   struct Column {
      std::uint64_t fId = 0; ///< counted from 1
      TBranch *fBranch = nullptr;
      std::string fName;
      std::size_t fCounter = kNone; ///< place of its counter
      std::vector<std::uint64_t> fCounted; ///< columns of which it is the counter
      std::optional<Shape> fShape;
   };
   static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

   static bool IsSame(const Shape &a, const Shape &b);
   static std::optional<Shape> ShapeOf(TBranch &branch);
   static bool IsStill(const Column &column, const Column &before);
   bool IsCurrent(TTree &tree) const;
   void Collect(TObjArray &branches);
   void FindCounters();
   /// The column, if its branch is still the one that it was made of.
   Column *Find(std::uint64_t id);
   bool Describe(std::uint64_t id, RbTableColumn &out);
   bool Live(std::uint64_t id, RbLive &out);

   std::mutex fMutex; // the session and those who write ask from several threads
   std::vector<std::pair<TObjArray *, std::vector<TObject *>>> fLists; ///< of branches, as they were
   std::vector<Column> fColumns;
   std::unordered_map<TBranch *, std::size_t> fByBranch;
   std::unordered_map<std::uint64_t, std::size_t> fById;
   std::unordered_map<std::string, std::size_t> fByName; ///< those that models can know
   std::uint64_t fLastId = 0;
   std::vector<RbLeaf> fLeaves; ///< of the column that was described last
};

} // namespace Internal
} // namespace RootBaler

#endif
