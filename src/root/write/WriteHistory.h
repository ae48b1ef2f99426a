// What the branches of one tree look like to the branches that are coded with their help, while the tree is written.
#ifndef ROOTBALER_WRITEHISTORY_H
#define ROOTBALER_WRITEHISTORY_H

#include "../Model.h"

#include <Rtypes.h>

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

class TBasket;
class TBranch;
class TTree;

namespace RootBaler {
namespace Internal {

/// With implicit MT ROOT flushes the branches of a tree in parallel. A branch that begins to write leaves the context
/// of its basket here first, under the lock; who needs it finds it here, or else in the basket still in memory, which
/// nobody can begin to write while the lock is held.
class WriteHistory {
public:
   /// `basket` of `branch` (column `column` of `model`) begins to be written as basket number `where`.
   void Begin(TBranch &branch, TBasket &basket, Int_t where, const ModelPtr &model, std::size_t column);
   /// ROOT is done with it.
   void End(TBranch &branch);

   /// The contexts of `parents` for the entries from `first`, as many of `rows` as all of them have. The caller has
   /// made sure that the parents are written with this same model: with other bounds readers would see other values.
   struct Gathered {
      std::vector<std::vector<std::int16_t>> fContexts;
      std::size_t fRows = 0;
   };
   Gathered Gather(TTree &tree, const ModelPtr &model, const std::vector<std::uint32_t> &parents, Long64_t first,
                   std::size_t rows);

private:
   struct Segment {
      Long64_t fFirst;
      Int_t fWhere; ///< number of the basket
      std::vector<std::int16_t> fContext;
      Long64_t End() const { return fFirst + static_cast<Long64_t>(fContext.size()); }
   };
   struct Column {
      ModelPtr fModel;
      std::size_t fColumn = 0;
      std::deque<Segment> fWritten;
      Segment fLive{0, -1, {}}; ///< of the basket being filled, as far as somebody asked
      Long64_t fEnd = 0;        ///< entries before this one were written
      bool fIsWriting = false;
   };

   void UpdateLive(Column &column, TBasket &basket, Int_t where, Long64_t first);
   void Copy(Column &column, TBranch &branch, Long64_t first, std::size_t rows, std::vector<std::int16_t> &out);
   void DropPassed(TTree &tree);
   TBranch *Find(TTree &tree, const std::string &name);

   std::mutex fMutex;
   std::map<std::string, TBranch *> fBranches; ///< column branches by name, as looked up
   Int_t fNBranches = 0;                       ///< of the tree when fBranches was begun
   std::map<TBranch *, Column> fColumns;
   std::size_t fValues = 0; ///< kept in fWritten of all columns
};

/// Number of the basket in its branch (as listed in memory), or -1.
Int_t BasketNumber(TBranch &branch, const TBasket &basket);

} // namespace Internal
} // namespace RootBaler

#endif
