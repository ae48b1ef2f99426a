// Decodes a block together with everything it needs: its model, and the baskets of other branches for its entries.
#ifndef ROOTBALER_READSESSION_H
#define ROOTBALER_READSESSION_H

#include "../Model.h"
#include "ContextCache.h"

#include <Rtypes.h>

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
   /// Context of column `parent` of `model` for `rows` entries from `first`.
   std::vector<std::int16_t> Gather(TBranch &child, const ModelPtr &model, std::size_t parent, Long64_t first,
                                    std::size_t rows);
   ContextPtr BasketContext(TBranch &branch, Int_t number, const ModelPtr &model, std::size_t column);
   std::vector<std::uint8_t> BasketValues(TBranch &branch, Int_t number, std::size_t size);
   std::vector<std::uint8_t> Unpack(const BlockPlace &place, const std::vector<char> &record, std::size_t size);

   std::map<std::tuple<TBranch *, Int_t, std::uint64_t, std::size_t>, ContextPtr> fContexts;
   std::set<std::pair<TBranch *, Int_t>> fInWork; ///< damaged or crafted files may lead in a circle
};

} // namespace Internal
} // namespace RootBaler

#endif
