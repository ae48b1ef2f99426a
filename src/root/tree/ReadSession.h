// Decodes a block together with everything it needs: its model, and the baskets of other branches for its entries.
#ifndef ROOTBALER_READSESSION_H
#define ROOTBALER_READSESSION_H

#include "codec/Model.h"
#include "basket/BasketList.h"
#include "tree/ViewCache.h"

#include <Rtypes.h>

#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <vector>

class TBranch;
class TFile;

namespace RootBaler {
namespace Internal {

/// Where a block comes from; all null if that is not known.
struct BlockPlace {
   TBranch *fBranch = nullptr;
   TFile *fFile = nullptr;
   Long64_t fPos = 0; ///< of the basket in the file
};

/// The work for one basket that ROOT asks for. What was decoded on the way is kept to its end, whatever the cache does.
class ReadSession {
public:
   void Decode(const BlockPlace &place, const std::uint8_t *block, std::size_t size, std::uint8_t *tgt,
               std::size_t rawSize);

private:
   void DecodeWithModel(const BlockPlace &place, const RbBlockInfo &info, const std::uint8_t *block, std::size_t size,
                        std::uint8_t *tgt, std::size_t rawSize);
   /// The entries of the basket that a block is from.
   static EntryRange EntriesAt(const BlockPlace &place);
   /// Elements of each of the entries of a branch with a counter.
   const std::vector<std::uint32_t> &Counts(TBranch &branch, const EntryRange &entries);
   /// Rows of a model's column in a basket: its entries, or their elements.
   std::size_t RowsIn(TBranch &branch, Int_t number, bool isJagged);
   /// Contexts of column `parent` of `model` for at least `rows` rows, from the first of the entries.
   ViewPtr ParentOf(TBranch &child, const ModelPtr &model, std::size_t parent, const EntryRange &entries,
                    std::size_t rows);
   /// Contexts of at least `rows` rows of a branch, from the first of the entries, out of those of its baskets.
   ViewPtr Collect(TBranch &branch, const std::function<ViewPtr(Int_t)> &viewOf, bool isJagged,
                   const EntryRange &entries, std::size_t rows);
   /// Contexts of a column for the values in a basket.
   ViewPtr ContextOf(TBranch &branch, Int_t number, const ModelPtr &model, std::size_t column);
   /// Contexts of a foreign column for what the values in a basket of its index point to.
   ViewPtr PointedTo(TBranch &index, Int_t number, const ModelPtr &model, std::size_t column);
   ViewPtr CountsOf(TBranch &counter, Int_t number);
   /// A view of a basket, from the cache or made now. `index` and `hash` name it.
   ViewPtr View(TBranch &branch, Int_t number, std::uint64_t hash, std::size_t index,
                const std::function<ViewPtr()> &make);
   /// The first `size` bytes of a basket, decoded.
   std::vector<std::uint8_t> BasketValues(TBranch &branch, Int_t number, std::size_t size);
   std::vector<std::uint8_t> Unpack(const BlockPlace &place, const std::vector<char> &record, std::size_t least,
                                    std::size_t most);

   using ViewId = std::tuple<TBranch *, Int_t, std::uint64_t, std::size_t>; ///< branch, basket, model, column
   std::map<ViewId, ViewPtr> fViews;
   std::map<std::tuple<TBranch *, Long64_t, Long64_t, std::uint32_t>, std::vector<std::uint32_t>> fCounts;
   std::set<ViewId> fInWork; ///< damaged or crafted files may lead in a circle
};

} // namespace Internal
} // namespace RootBaler

#endif
